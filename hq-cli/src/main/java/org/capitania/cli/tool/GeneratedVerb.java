package org.capitania.cli.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.Reply;
import org.capitania.cli.Verb;
import org.capitania.cli.call.Api;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.Screen;
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
    /** Nouns of the design that no tool stands for yet, with the part that brings them. */
    private static final Map<String, String> COMES_WITH = Map.of(
            "conversation",
            "conversations begin with the mails of a thread; talks are logged with hq interaction log",
            "mcp-serve",
            "the MCP server needs no process of its own, tool-registry has it under /mcp",
            "watchdog",
            "it comes with the watchdog's own verbs; hq status shows whether it lives");

    @Parameters(arity = "0..*", hidden = true)
    List<String> words = List.of();

    private final String noun;
    private final boolean designed;

    private GeneratedVerb(String noun, boolean designed, Environment environment) {
        super(noun, environment);
        this.noun = noun;
        this.designed = designed;
    }

    /**
     * The verb for a noun.
     *
     * @param designed whether the design names it, so that its absence is no mistake of the caller
     */
    public static CommandLine of(String noun, boolean designed, Environment environment) {
        GeneratedVerb verb = new GeneratedVerb(noun, designed, environment);
        CommandLine command = new CommandLine(verb).setUnmatchedOptionsArePositionalParams(true);
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, help -> verb.help());
        return command;
    }

    /** Its actions are the catalogue's to say; without a fleet that answers, the help says so. */
    private String help() {
        String none = String.format(
                "hq tools list, in a running fleet, names what there is; hq %s --help shows its actions then.%n", noun);
        Api api = api();
        try {
            String text = api.fleet().isKnown() ? new ToolHelp(noun, catalogue()).text() : none;
            return text.isEmpty() ? none : text;
        } catch (Failure e) {
            return none;
        } finally {
            api.close();
        }
    }

    private List<JsonNode> catalogue() {
        return Fields.items(api().get(Service.TOOL_REGISTRY, "/v1/tools").body().path("tools"));
    }

    @Override
    protected Reply run() {
        JsonNode tool = tool();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set(
                "arguments", new ToolArguments(tool.path("input_schema"), tool.path("actions")).parse(arguments(tool)));
        JsonNode result = api().post(
                        Service.TOOL_REGISTRY, Api.path("/v1/tools/", Fields.text(tool, "name")) + "/calls", body)
                .body();
        if (!result.path("ok").asBoolean()) {
            throw refused(result.path("error"));
        }
        JsonNode data = result.path("data");
        return new Reply(
                Fields.text(result, "action"),
                data,
                textOrNull(result, "audit_event_id"),
                textOrNull(result, "trace_id"),
                screen -> print(data, screen),
                null,
                false);
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
        if (!designed && !api().fleet().isKnown()) {
            throw unknown();
        }
        String verb = words.isEmpty() ? "" : words.getFirst().replace('-', '_');
        return catalogue().stream()
                .filter(tool -> names(verb).contains(Fields.text(tool, "name")))
                .findFirst()
                .orElseThrow(this::unknown);
    }

    private RuntimeException unknown() {
        String hint = "hq help lists the verbs, hq tools list the tools";
        return designed
                ? new CapitaniaException(
                                ErrorCode.NOT_AVAILABLE_YET,
                                "hq " + noun + " is not available yet"
                                        + (COMES_WITH.containsKey(noun) ? ": " + COMES_WITH.get(noun) : ""))
                        .withHint(hint)
                : Failure.caller("unknown_verb", "hq knows no " + noun).withHint(hint);
    }

    /** The tools a noun and a verb may stand for: hq task list, hq email send, hq examples find, hq event create. */
    private List<String> names(String verb) {
        String word = noun.replace('-', '_');
        return List.of(
                whole(), word + "_" + verb, whole() + "_" + verb, whole() + (verb.equals("create") ? "_log" : "_"));
    }

    private String whole() {
        return "hq_" + noun.replace('-', '_');
    }

    /** The words that are no part of the tool's name. */
    private List<String> arguments(JsonNode tool) {
        boolean all = Fields.text(tool, "name").equals(whole()) || words.isEmpty();
        return all ? words : words.subList(1, words.size());
    }

    /** What a tool's refusal is at a prompt. */
    static Failure refused(JsonNode error) {
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

    private static void print(JsonNode data, Screen screen) {
        List<JsonNode> items = Fields.items(data);
        if (items.isEmpty()) {
            screen.line(data.isTextual() ? data.asText() : data.toPrettyString());
            return;
        }
        for (JsonNode item : items) {
            String slug = Fields.text(item, "slug");
            screen.line(String.format(
                            "%-12s %-32s %s",
                            Fields.text(item, "type"),
                            slug.isEmpty() ? ShortIds.of(Fields.text(item, "id")) : slug,
                            Fields.first(item, "title", "name", "summary", "status"))
                    .strip());
        }
    }
}
