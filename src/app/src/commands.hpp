#pragma once

#include "kangqu/app/command.hpp"

namespace kangqu::app {

// One file a family of commands; each adds its own.
void AddServeCommands(std::vector<Command>& commands);        // serve, demo
void AddLoadCommands(std::vector<Command>& commands);         // load
void AddSynthCommands(std::vector<Command>& commands);        // synth
void AddExportCommands(std::vector<Command>& commands);       // export
void AddPlanCommands(std::vector<Command>& commands);         // plan read
void AddPackCommands(std::vector<Command>& commands);         // pack check, test, list; measure run
void AddExpressionCommands(std::vector<Command>& commands);   // fhirpath, cql
void AddTerminologyCommands(std::vector<Command>& commands);  // ucum, terms
void AddValidateCommands(std::vector<Command>& commands);     // validate
void AddAccountCommands(std::vector<Command>& commands);      // user add, user passwd
void AddSearchCommands(std::vector<Command>& commands);       // search
void AddStoreCommands(std::vector<Command>& commands);        // backup, restore, copy, check
void AddVersionCommands(std::vector<Command>& commands);      // version

// Options that several commands share.
Option DataOption();
Option DatabaseOption();
Option PacksOption();

}  // namespace kangqu::app
