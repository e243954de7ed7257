#include "commands.hpp"

namespace kangqu::app {

Option DataOption() {
    return {"data", "DIR", "data", "folder of the data"};
}

Option DatabaseOption() {
    return {
        "database",
        "URL",
        "",
        "sqlite:DIR/kangqu.db, wins over --data; or postgresql://HOST/DATABASE"};
}

Option PacksOption() {
    return {"packs", "DIR", "packs", "folder of the packs"};
}

const std::vector<Command>& Commands() {
    static const std::vector<Command> all = [] {
        std::vector<Command> commands;
        AddServeCommands(commands);
        AddLoadCommands(commands);
        AddSynthCommands(commands);
        AddExportCommands(commands);
        AddPlanCommands(commands);
        AddPackCommands(commands);
        AddExpressionCommands(commands);
        AddTerminologyCommands(commands);
        AddValidateCommands(commands);
        AddAccountCommands(commands);
        AddSearchCommands(commands);
        AddStoreCommands(commands);
        AddVersionCommands(commands);
        return commands;
    }();
    return all;
}

}  // namespace kangqu::app
