package org.capitania.cli.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Api;
import org.capitania.cli.call.CallOptions;
import org.capitania.cli.call.Fleet;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Nearest;
import org.capitania.cli.text.ShortIds;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Parameters;

/**
 * {@code hq <noun> <verb> …} for every tool of the catalogue (decision 17): the noun names the tool {@code hq_<noun>} (or
 * {@code <noun>_<verb>}, with or without {@code hq_}), the verb its action, the options its arguments. It is called as the owner: schema, paths and ledger apply,
 * curation and gates do not.
 */
@Command(description = "A tool of the catalogue.")
public final class GeneratedVerb extends Verb {
    private static final List<String> WATCH = List.of("--watch", "-w");

    @Parameters(arity = "0..*", hidden = true)
    List<String> words = List.of();

    private final String noun;
    private final Set<String> others;
    private final Map<String, CommandLine> beside;

    private GeneratedVerb(String noun, Set<String> others, Environment environment, Map<String, CommandLine> beside) {
        super(noun, environment);
        this.noun = noun;
        this.others = others;
        this.beside = beside;
    }

    /**
     * The verb for a noun.
     *
     * @param others the words of hq, one of which may be meant; none where the design names this one, so that its absence is no mistake
     * @param beside verbs of the noun that the catalogue has not, for its help
     */
    public static CommandLine of(
            String noun, Set<String> others, Environment environment, Map<String, CommandLine> beside) {
        GeneratedVerb verb = new GeneratedVerb(noun, others, environment, beside);
        CommandLine command = new CommandLine(verb).setUnmatchedOptionsArePositionalParams(true);
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, help -> verb.help());
        return command;
    }

    /** Whether the catalogue has a verb of a noun; a fleet that does not answer has none. */
    public static boolean has(String noun, String verb, Environment environment) {
        Fleet fleet = Fleet.of(environment);
        if (!fleet.isKnown()) {
            return false;
        }
        try (Api api = new Api(fleet, CallOptions.NONE)) {
            return ToolNames.find(Definitions.of(api), noun, verb)
                    .filter(tool -> ToolNames.does(tool, verb))
                    .isPresent();
        } catch (Failure e) {
            return false;
        }
    }

    private static List<String> actions(JsonNode tool) {
        return tool.at("/input_schema/properties/action/enum")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }

    /** Its actions are the catalogue's to say, as it is or as it was last known; where it never was, the help says so. */
    private String help() {
        String none = String.format(
                "hq tools list, in a running fleet, names what there is; hq %s --help shows its actions then.%n", noun);
        Api api = api();
        try {
            String text = api.fleet().isKnown() ? new ToolHelp(noun, definitions(api), beside).text() : none;
            return text.isEmpty() ? none : text;
        } catch (Failure e) {
            return none;
        } finally {
            api.close();
        }
    }

    private static List<JsonNode> definitions(Api api) {
        try {
            return Definitions.of(api);
        } catch (Failure e) {
            return Definitions.kept(api.fleet());
        }
    }

    @Override
    protected boolean watching() {
        return words.stream().anyMatch(WATCH::contains);
    }

    @Override
    protected Reply run() {
        JsonNode tool = tool();
        ObjectNode arguments = new ToolArguments(tool, environment()).parse(arguments(tool));
        sayWhatToDo(tool, Fields.text(arguments, "action"));
        String why = reason();
        if (why != null) {
            ToolArguments.otherwise(tool, arguments, "reason", why);
        }
        if (watching() && !reads(tool, Fields.text(arguments, "action"))) {
            throw Failure.caller("bad_request", "--watch only looks; hq " + action().replace('.', ' ') + " does more");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("arguments", arguments);
        JsonNode result = api().post(
                        Service.TOOL_REGISTRY, Api.path("/v1/tools/", Fields.text(tool, "name")) + "/calls", body)
                .body();
        if (!result.path("ok").asBoolean()) {
            throw refused(result.path("error"));
        }
        JsonNode data = result.path("data");
        String proposal = Fields.text(result, "proposal_id");
        return new Reply(
                action(),
                data,
                textOrNull(result, "audit_event_id"),
                textOrNull(result, "trace_id"),
                screen -> {
                    if (proposal.isEmpty()) {
                        new Shown(noun, data).print(screen);
                    } else {
                        screen.line("it waits for approval: hq proposal show " + ShortIds.of(proposal));
                    }
                },
                null,
                false);
    }

    /** A noun without a verb, or with one that it has not. */
    private void sayWhatToDo(JsonNode tool, String action) {
        List<String> actions = actions(tool);
        if (!actions.isEmpty() && !actions.contains(action)) {
            throw Failure.caller(
                            "wrong_use",
                            action.isEmpty()
                                    ? "say what to do with hq " + noun
                                    : "hq " + noun + " has no " + ToolArguments.dashed(action)
                                            + Nearest.meant(action, actions))
                    .withHint("it has " + ToolArguments.dashed(String.join(", ", actions)) + "; hq " + noun
                            + " --help says more");
        }
    }

    private static boolean reads(JsonNode tool, String action) {
        String scope = tool.path("actions")
                .valueStream()
                .filter(each -> Fields.text(each, "name").equals(action))
                .map(each -> Fields.text(each, "scope"))
                .findFirst()
                .orElse(Fields.text(tool, "scope"));
        return scope.equals("read") || scope.equals("meta");
    }

    private static @Nullable String textOrNull(JsonNode node, String member) {
        String text = Fields.text(node, member);
        return text.isEmpty() ? null : text;
    }

    /** Noun and verb, also of a call that was refused. */
    @Override
    protected String action() {
        return words.isEmpty() || words.getFirst().startsWith("-") ? noun : noun + "." + words.getFirst();
    }

    private JsonNode tool() {
        if (!others.isEmpty() && !api().fleet().isKnown()) {
            throw unknown(List.of());
        }
        List<JsonNode> tools = Definitions.of(api());
        return ToolNames.find(tools, noun, words.isEmpty() ? "" : words.getFirst())
                .orElseThrow(() -> unknown(tools));
    }

    private RuntimeException unknown(List<JsonNode> tools) {
        List<String> verbs = tools.stream()
                .flatMap(tool -> ToolNames.verb(noun, Fields.text(tool, "name")).stream())
                .map(ToolArguments::dashed)
                .toList();
        String said = words.isEmpty() ? "" : words.getFirst();
        if (!verbs.isEmpty()) {
            return Failure.caller(
                            "wrong_use",
                            said.isEmpty()
                                    ? "say what to do with hq " + noun
                                    : "hq " + noun + " has no " + said + Nearest.meant(said, verbs))
                    .withHint("it has " + String.join(", ", verbs) + "; hq " + noun + " --help says more");
        }
        String hint = "hq help lists the verbs, hq tools list the tools";
        Set<String> nouns = new TreeSet<>(others);
        tools.forEach(tool -> nouns.add(ToolNames.noun(tool)));
        return others.isEmpty()
                ? new CapitaniaException(ErrorCode.NOT_AVAILABLE_YET, "hq " + noun + " is not available yet")
                        .withHint(hint)
                : Failure.caller("unknown_verb", "hq knows no " + noun + Nearest.meant(noun, nouns))
                        .withHint(hint);
    }

    /** The words that are no part of the tool's name. */
    private List<String> arguments(JsonNode tool) {
        boolean all = ToolNames.isWhole(noun, Fields.text(tool, "name")) || words.isEmpty();
        List<String> said = new ArrayList<>(all ? words : words.subList(1, words.size()));
        said.removeAll(WATCH);
        return said;
    }

    /** What a tool's refusal is at a prompt. */
    public static Failure refused(JsonNode error) {
        return new Failure(
                Fields.text(error, "code"),
                ErrorCode.fromCode(Fields.text(error, "code"))
                        .map(code -> code.type().exitCode())
                        .orElse(Failure.CALLER),
                Fields.text(error, "message"),
                textOrNull(error, "hint"),
                error.path("errors").isArray()
                        ? List.of(Json.convert(error.path("errors"), FieldError[].class))
                        : List.of());
    }
}
