package org.capitania.registry.plain;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.catalogue.ToolScope;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/**
 * Holds what an agent writes for people to plain language (seeds, chapter 30): refused once a task and tool, with a hint, and let through the
 * second time with what was found, for the owner to read beside the proposal.
 */
@ApplicationScoped
public class PlainLanguage {
    private static final String HINT =
            "write it again in whole sentences, with names in place of ids, in the reader's language; what is sent the second time is let through, and the owner sees what was found";

    private static final Pattern ARTIFACT = Pattern.compile("outputs/.*\\.(?:md|txt)");
    private static final int MOST_READERS = 3;

    private final Graph graph;
    private final Sql sql;

    PlainLanguage(Graph graph, Sql sql) {
        this.graph = graph;
        this.sql = sql;
    }

    /** What is not plain about a call, one sentence each; the first time in its task that is a refusal. */
    public List<String> warnings(Call call, Optional<Draft> draft) {
        if (!call.verb().changes() || !forPeople(call)) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        boolean outside = call.verb().scope() == ToolScope.OUTBOUND;
        for (String argument : call.tool().peopleRead()) {
            String written = call.textOrNull(argument);
            if (written != null) {
                PlainText text = PlainText.of(written);
                text.objections(outside).forEach(o -> found.add(argument + ": " + o));
                text.tongue()
                        .flatMap(is -> wanted(call, draft)
                                .filter(w -> w != is)
                                .map(w -> argument + ": it is written in " + is.spoken()
                                        + ", and the reader's language is " + w.spoken()))
                        .ifPresent(found::add);
            }
        }
        if (!found.isEmpty() && call.taskId() != null && !said(call)) {
            throw new CapitaniaException(ErrorCode.PLAIN_LANGUAGE, "a person reads this. " + String.join("; ", found))
                    .withHint(HINT);
        }
        return found;
    }

    /** A file is for people where it is a customer's or the owner's. */
    private static boolean forPeople(Call call) {
        String path = call.textOrNull("path");
        return path == null || ARTIFACT.matcher(path).matches();
    }

    /** Whether it was said before in this task. */
    private boolean said(Call call) {
        return sql.tx(
                call.scope(),
                tx -> tx.one("""
                                SELECT 1 AS said FROM calls WHERE task_id = $1 AND tool = $2 AND status = 'refused' AND error->>'code' = $3 LIMIT 1
                                """, call.taskId(), call.tool().name(), ErrorCode.PLAIN_LANGUAGE.code())
                        .isPresent());
    }

    /** The language of whoever reads it, as recorded: the contact's, else the entity's, else that of the message that is answered. */
    private Optional<Tongue> wanted(Call call, Optional<Draft> draft) {
        if (call.arguments().path("kind").asText().equals("dev")) {
            // Work on code is written down in the language of the code.
            return Optional.empty();
        }
        return draft.filter(d -> d.interactionId() != null)
                .map(d -> correspondent(call.scope(), d))
                .orElseGet(() -> concerned(call));
    }

    private Optional<Tongue> correspondent(Scope scope, Draft draft) {
        List<Draft.SeenFact> contacts =
                draft.facts().stream().filter(f -> f.type().equals("contact")).toList();
        return contacts.stream()
                .flatMap(c -> Tongue.ofTag(c.seen().path("language").asText("")).stream())
                .findFirst()
                .or(() -> contacts.stream()
                        .limit(1)
                        .flatMap(c -> graph.linked(scope, c.nodeId(), "works_for", EdgeView.Direction.OUT).stream())
                        .limit(1)
                        .flatMap(e -> graph.detail(scope, e.id()).stream())
                        .flatMap(d -> language(d.node()).stream())
                        .findFirst())
                .or(() -> draft.facts().stream()
                        .filter(f -> f.nodeId().equals(draft.interactionId()))
                        .flatMap(f -> PlainText.of(f.seen().path("body_text").asText("")).tongue().stream())
                        .findFirst());
    }

    private Optional<Tongue> concerned(Call call) {
        List<String> named = new ArrayList<>();
        for (JsonNode ref : call.arguments().path("about")) {
            named.add(ref.asText());
        }
        return named.stream()
                .limit(MOST_READERS)
                .flatMap(ref -> graph.detail(call.scope(), ref).stream())
                .flatMap(d -> language(d.node()).stream())
                .findFirst();
    }

    private static Optional<Tongue> language(NodeView node) {
        boolean person = node.type().equals("contact") || node.type().equals("entity");
        return person ? Tongue.ofTag(node.props().path("language").asText("")) : Optional.empty();
    }
}
