package org.capitania.registry.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.registry.curation.Reach;
import org.capitania.registry.files.FileRoom;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.registry.shell.CommandRule.Reading;

/** Runs one command of the reviewed file in a directory of the company's files. What it says may come from anywhere: the task is tainted. */
@ApplicationScoped
class Shell implements ToolHandler {
    private final Commands commands;
    private final Reach reach;
    private final FileRoom room;
    private final ProgramRun programs;

    Shell(Commands commands, Reach reach, FileRoom room, Limits limits) {
        this.commands = commands;
        this.reach = reach;
        this.room = room;
        this.programs = new ProgramRun(limits.timeout(), limits.output());
    }

    @Override
    public String tool() {
        return "shell";
    }

    @Override
    public Result call(Call call) {
        List<String> argv = call.texts("argv");
        String command = argv.getFirst();
        CommandRule rule = commands.find(command).orElseThrow(() -> refused("no command is called " + command));
        Reading.Taken taken = switch (rule.read(argv.subList(1, argv.size()))) {
            case Reading.Taken allowed -> allowed;
            case Reading.Refused(String argument) -> throw refused(command + " is not run with " + argument);
        };
        String in = call.text("directory");
        requireRead(call, in);
        taken.paths().stream().filter(path -> !path.equals(".")).forEach(path -> requireRead(call, in + "/" + path));
        List<String> whole = new ArrayList<>(List.of(program(command)));
        if (rule.subcommands() != null && rule.fixed() != null) {
            whole.addAll(rule.fixed());
        }
        whole.addAll(taken.before());
        whole.addAll(taken.arguments());
        Path files = room.directory(call.scope().tenant());
        ProgramRun.Ending ending = programs.run(whole, files.resolve(in), environment(rule, files));
        ObjectNode data = Json.MAPPER
                .createObjectNode()
                .put("exit_code", ending.exit())
                .put("stdout", ending.out().replace(files.toString(), ""))
                .put("stderr", ending.err().replace(files.toString(), ""))
                .put("truncated", ending.cut())
                .put("timed_out", ending.late())
                .put("tainted", true);
        return Result.of(data).taintedBy(List.of("shell:" + command));
    }

    /** A directory or file that the caller reads all of, without a link on the way. */
    private void requireRead(Call call, String path) {
        room.requireOrdinary(call.scope().tenant(), path);
        if (!call.human() && !reach.reads(call.role(), path) && !reach.reads(call.role(), path + "/x")) {
            throw refused(call.role() + " does not read all of " + path);
        }
    }

    private static Map<String, String> environment(CommandRule rule, Path files) {
        Map<String, String> environment = new TreeMap<>(rule.environment() == null ? Map.of() : rule.environment());
        environment.replaceAll((name, value) -> value.replace("{files}", String.valueOf(files)));
        return environment;
    }

    private static String program(String command) {
        return Stream.of(ProgramRun.PATH.split(":"))
                .map(directory -> Path.of(directory, command))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() ->
                        new CapitaniaException(ErrorCode.NOT_CONFIGURED, command + " is not installed on this machine"))
                .toString();
    }

    private static CapitaniaException refused(String why) {
        return new CapitaniaException(ErrorCode.CROSS_SCOPE_VIOLATION, why)
                .withHint("commands.json lists what may be run; ask the owner for more");
    }
}
