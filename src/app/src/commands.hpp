#pragma once

#include "kangqu/app/command.hpp"

namespace kangqu::app {

// One file a family of commands; each adds its own.
void AddServeCommands(std::vector<Command>& commands);        // serve, demo
void AddLoadCommands(std::vector<Command>& commands);         // load, synth
void AddExportCommands(std::vector<Command>& commands);       // export
void AddPlanCommands(std::vector<Command>& commands);         // plan read
void AddPackCommands(std::vector<Command>& commands);         // pack check, test, list; measure run
void AddExpressionCommands(std::vector<Command>& commands);   // fhirpath, cql
void AddTerminologyCommands(std::vector<Command>& commands);  // ucum
void AddAccountCommands(std::vector<Command>& commands);      // user add, user passwd
void AddCheckCommands(std::vector<Command>& commands);        // check, version

// Options that several commands share.
Option DataOption();
Option DatabaseOption();
Option PacksOption();

}  // namespace kangqu::app
