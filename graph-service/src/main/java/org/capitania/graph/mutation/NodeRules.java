package org.capitania.graph.mutation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.graph.types.NodeType;
import org.capitania.graph.types.Types;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.PrincipalKind;
import org.jspecify.annotations.Nullable;

/** What every node that is written has to keep to: its type, the machine of its status, the length of what is indexed, who may write it. */
final class NodeRules {
    static final int LONGEST_NAME = 200;

    private final Types types;
    private final Caller caller;
    private final Workspace work;

    NodeRules(Types types, Caller caller, Workspace work) {
        this.types = types;
        this.caller = caller;
        this.work = work;
    }

    /** Holds every node that is to be written against its type. */
    void check() {
        for (Draft draft : work.drafts()) {
            if (draft.op < 0 || !draft.changed()) {
                continue;
            }
            String at = "/ops/" + draft.op;
            NodeType type = type(draft.type, at);
            work.errors.addAll(type.props().check(draft.props, at + "/props"));
            oneOf(at + "/status", draft.status, type.statuses());
            oneOf(at + "/priority", draft.priority, type.priorities());
            moves(at + "/status", draft, type);
            draft.tags.forEach(tag -> bounded(at + "/tags", tag, LONGEST_NAME));
            if (draft.confidence != null && (draft.confidence < 0 || draft.confidence > 1)) {
                fault(at + "/confidence", draft.confidence.toString(), "0 to 1");
            }
            if (draft.validFrom != null && draft.validTo != null && !draft.validFrom.isBefore(draft.validTo)) {
                fault(at + "/valid_to", draft.validTo.toString(), "later than valid_from " + draft.validFrom);
            }
            draft.language = Languages.of(draft.props);
        }
    }

    NodeType type(String name, String path) {
        return types.node(name).orElseThrow(() -> {
            List<String> allowed = types.nodes().stream().map(NodeType::name).toList();
            return unknownType(path, name, allowed);
        });
    }

    /** Indexed text has to fit into an index page. */
    static void bounded(String path, String text, int longest) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (text.isBlank() || bytes > longest) {
            throw References.invalid(path, bytes + " bytes", "1 to " + longest + " bytes of UTF-8");
        }
    }

    private void oneOf(String path, @Nullable String value, List<String> allowed) {
        if (value != null && !allowed.contains(value)) {
            fault(path, value, allowed.isEmpty() ? "none, the type has none" : String.join(", ", allowed));
        }
    }

    private static void moves(String path, Draft draft, NodeType type) {
        String before = draft.statusBefore();
        if (before != null && draft.status != null && !type.mayMove(before, draft.status)) {
            String allowed = String.join(", ", type.movesFrom(before));
            String detail =
                    "the " + draft.type + " " + draft.slug + " is " + before + " and cannot become " + draft.status
                            + "; from " + before + " it may become " + (allowed.isEmpty() ? "nothing else" : allowed);
            throw new CapitaniaException(
                    ErrorCode.ILLEGAL_TRANSITION, detail, List.of(new FieldError(path, draft.status, allowed, detail)));
        }
    }

    private void fault(String path, String found, String allowed) {
        work.errors.add(new FieldError(path, found, allowed, path + " is " + found + "; allowed is " + allowed));
    }

    void mirrorsOnlyByServices(NodeType type, String at) {
        if (type.mirror() && caller.kind() != PrincipalKind.SERVICE) {
            throw new CapitaniaException(
                    ErrorCode.DENIED, at + ": a " + type.name() + " mirrors what its service owns; change it there");
        }
    }

    static CapitaniaException unknownType(String path, String found, List<String> allowed) {
        String names = String.join(", ", allowed);
        String message = "there is no type " + found + "; allowed are " + names;
        return new CapitaniaException(
                ErrorCode.UNKNOWN_TYPE, message, List.of(new FieldError(path, found, names, message)));
    }
}
