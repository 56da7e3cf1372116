package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationOp;
import org.capitania.graph.obligation.DueTimes;
import org.jspecify.annotations.Nullable;

/** How a batch names nodes, and the question to the store that follows: every node gets a token by which its row comes back. */
final class References {
    private final Map<String, Integer> creates = new HashMap<>();
    private final List<MutationOp> ops;
    private final Map<String, ObjectNode> wanted = new LinkedHashMap<>();
    private final ArrayNode links = Json.MAPPER.createArrayNode();
    private final Set<String> edges = new LinkedHashSet<>();

    References(MutationBatch batch, String actor) {
        this.ops = batch.ops();
        for (int i = 0; i < ops.size(); i++) {
            if (ops.get(i) instanceof MutationOp.Create create && create.ref() != null) {
                if (creates.putIfAbsent(create.ref(), i) != null) {
                    throw invalid("/ops/" + i + "/ref", create.ref(), "a ref no other op of the batch has");
                }
            }
        }
        want(Producers.ROOT);
        want(Producers.ofActor(actor));
        for (int i = 0; i < ops.size(); i++) {
            collect(i, ops.get(i));
        }
    }

    /** The op that creates what {@code @ref} names. */
    int creating(String ref, String path) {
        Integer op = creates.get(ref.substring(1));
        if (op == null) {
            throw invalid(path, ref, "the ref of a create in this batch: " + creates.keySet());
        }
        return op;
    }

    /** The token of a node; null for one that is to be made whatever is there already. */
    @Nullable
    String token(String ref, String path) {
        if (ref.startsWith("@")) {
            MutationOp.Create create = (MutationOp.Create) ops.get(creating(ref, path));
            return create.externalId() == null
                    ? null
                    : ExternalKey.of(create, path).token();
        }
        return uuid(ref) == null ? "s:" + ref : "i:" + ref;
    }

    /** The question of the first trip. */
    ObjectNode question(@Nullable String idempotencyKey, Set<String> slugs) {
        ObjectNode question = Json.MAPPER.createObjectNode();
        question.put("idempotency_key", idempotencyKey);
        question.putArray("refs").addAll(wanted.values());
        question.set("links", links);
        ArrayNode wantedEdges = question.putArray("edges");
        edges.forEach(wantedEdges::add);
        ArrayNode wantedSlugs = question.putArray("slugs");
        slugs.forEach(wantedSlugs::add);
        if (ops.stream().anyMatch(op -> op instanceof MutationOp.Create create && DueTimes.concern(create.type()))) {
            question.put("zone", true);
        }
        if (ops.stream().anyMatch(MutationOp.Retain.class::isInstance)) {
            question.put("policies", true);
        }
        return question;
    }

    private void collect(int i, MutationOp op) {
        String at = "/ops/" + i;
        switch (op) {
            case MutationOp.Create create -> {
                if (create.externalId() != null || create.externalSource() != null) {
                    want(ExternalKey.of(create, at));
                }
                want(create.producer(), at + "/producer", false);
                want(create.owner(), at + "/owner", false);
            }
            case MutationOp.Patch patch -> {
                want(patch.id(), at + "/id", true);
                want(patch.owner(), at + "/owner", false);
            }
            case MutationOp.Archive archive -> want(archive.id(), at + "/id", true);
            case MutationOp.Link link -> {
                want(link.producer(), at + "/producer", false);
                edge(i, link.type(), link.from(), link.to());
            }
            case MutationOp.Unlink unlink -> {
                if (unlink.id() != null) {
                    if (uuid(unlink.id()) == null) {
                        throw invalid(at + "/id", unlink.id(), "the id of an edge");
                    }
                    edges.add(unlink.id());
                } else if (unlink.type() == null || unlink.from() == null || unlink.to() == null) {
                    throw invalid(at, null, "id, or type, from and to");
                } else {
                    edge(i, unlink.type(), unlink.from(), unlink.to());
                }
            }
            case MutationOp.Supersede supersede -> {
                want(supersede.id(), at + "/id", true);
                edge(i, "supersedes", supersede.by(), supersede.id());
            }
            case MutationOp.Retain retain -> want(retain.id(), at + "/id", true);
            case MutationOp.Merge merge -> {
                want(merge.id(), at + "/id", true);
                want(merge.into(), at + "/into", true);
                edge(i, "duplicate_of", merge.id(), merge.into());
            }
        }
    }

    private void edge(int i, String type, String from, String to) {
        String at = "/ops/" + i;
        want(from, at + "/from", false);
        want(to, at + "/to", false);
        String fromToken = token(from, at + "/from");
        String toToken = token(to, at + "/to");
        if (fromToken != null && toToken != null) {
            links.addObject()
                    .put("l", i)
                    .put("type", type)
                    .put("from", fromToken)
                    .put("to", toToken)
                    .put("periods", true);
        }
    }

    private void want(@Nullable String ref, String path, boolean whole) {
        String token = ref == null ? null : token(ref, path);
        if (ref == null || token == null) {
            return;
        }
        ObjectNode entry = wanted.computeIfAbsent(
                token, t -> Json.MAPPER.createObjectNode().put("t", t));
        if (token.startsWith("i:")) {
            entry.put("id", ref);
        } else if (token.startsWith("s:")) {
            entry.put("slug", ref);
        }
        if (whole) {
            entry.put("whole", true);
        }
    }

    private void want(ExternalKey key) {
        wanted.computeIfAbsent(key.token(), t -> Json.MAPPER.createObjectNode().put("t", t))
                .put("type", key.type())
                .put("source", key.source())
                .put("external", key.id());
    }

    static @Nullable UUID uuid(String text) {
        if (text.length() != 36) {
            return null;
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static CapitaniaException invalid(String path, @Nullable String found, String allowed) {
        String message = path + " is " + (found == null ? "absent" : found) + "; expected " + allowed;
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION, message, List.of(new FieldError(path, found, allowed, message)));
    }
}
