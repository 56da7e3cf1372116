package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Topics;
import org.capitania.contract.api.MutationBatch.SemanticEvent;
import org.capitania.contract.event.EventProducers;
import org.capitania.servicekit.Caller;
import org.jspecify.annotations.Nullable;

/** The events a caller sends with its batch: only its own types, and with the ids of what the batch makes in place of refs. */
final class CallerEvents {
    private final Caller caller;
    private final Workspace work;

    CallerEvents(Caller caller, Workspace work) {
        this.caller = caller;
        this.work = work;
    }

    List<Plan.Event> of(List<SemanticEvent> events) {
        List<Plan.Event> all = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            SemanticEvent event = events.get(i);
            String at = "/events/" + i;
            if (!EventProducers.mayEmit(caller.principal(), event.type())) {
                throw new CapitaniaException(
                        ErrorCode.DENIED,
                        at + ": " + caller.principal() + " does not emit " + event.type()
                                + "; each type has one producer");
            }
            if (holds(event.ifCreated(), true, at) && holds(event.ifExisted(), false, at)) {
                all.add(new Plan.Event(
                        Topics.of(event.type()),
                        event.type(),
                        named(event.key(), at + "/key"),
                        event.subject(),
                        substituted(event.data(), at + "/data")));
            }
        }
        return all;
    }

    private boolean holds(@Nullable String ref, boolean created, String at) {
        return ref == null || work.made(work.references.creating(ref, at)).created() == created;
    }

    private JsonNode substituted(JsonNode data, String at) {
        if (!(data instanceof ObjectNode object)) {
            return data;
        }
        ObjectNode copy = object.deepCopy();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            // Only where an id or a slug belongs: a subject line that begins with @ is a subject line.
            if (member.getValue().isTextual()
                    && namesANode(member.getKey())
                    && isRef(member.getValue().textValue())) {
                copy.set(
                        member.getKey(),
                        TextNode.valueOf(named(member.getValue().textValue(), at + "/" + member.getKey())));
            } else if (member.getValue().isObject()) {
                copy.set(member.getKey(), substituted(member.getValue(), at + "/" + member.getKey()));
            }
        }
        return copy;
    }

    private String named(String text, String at) {
        if (!isRef(text)) {
            return text;
        }
        boolean slug = text.endsWith(".slug");
        String ref = slug ? text.substring(0, text.length() - ".slug".length()) : text;
        Draft node = work.made(work.references.creating(ref, at)).node();
        return slug ? node.slug : node.id.toString();
    }

    private static boolean isRef(String text) {
        return text.startsWith("@");
    }

    private static boolean namesANode(String member) {
        return member.equals("id") || member.equals("slug") || member.endsWith("_id") || member.endsWith("_slug");
    }
}
