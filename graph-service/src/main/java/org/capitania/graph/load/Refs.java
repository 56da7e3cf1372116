package org.capitania.graph.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.MutationOp;
import org.jspecify.annotations.Nullable;

/** What a file calls its nodes ({@code @ref}), across the chunks in which they are made. */
final class Refs {
    private final Chunk chunk;
    private final Map<String, Integer> made = new HashMap<>();
    private final Set<String> used = new LinkedHashSet<>();

    Refs(Chunk chunk) {
        this.chunk = chunk;
        List<MutationOp> ops = chunk.ops();
        for (int i = 0; i < ops.size(); i++) {
            if (ops.get(i) instanceof MutationOp.Create create && create.ref() != null) {
                Integer before = made.putIfAbsent(create.ref(), i);
                if (before != null) {
                    throw repeated(i, create.ref(), "line " + chunk.line(before) + " has it");
                }
            }
        }
        for (MutationOp op : ops) {
            Set<@Nullable String> named = new HashSet<>();
            if (op instanceof MutationOp.Create create) {
                named.add(create.producer());
                named.add(create.owner());
            } else if (op instanceof MutationOp.Link link) {
                named.add(link.from());
                named.add(link.to());
                named.add(link.producer());
            }
            for (String name : named) {
                if (name != null && name.startsWith("@") && !made.containsKey(name.substring(1))) {
                    used.add(name.substring(1));
                }
            }
        }
    }

    /** The names to look up: those of earlier chunks that are used, and those made here, which no earlier chunk may have. */
    String[] wanted() {
        Set<String> all = new LinkedHashSet<>(used);
        all.addAll(made.keySet());
        return all.toArray(String[]::new);
    }

    /** The chunk with ids in place of the names of earlier chunks. */
    Chunk resolved(Map<String, String> earlier) {
        for (Map.Entry<String, Integer> name : made.entrySet()) {
            if (earlier.containsKey(name.getKey())) {
                throw repeated(name.getValue(), name.getKey(), "an earlier line has it");
            }
        }
        if (used.isEmpty()) {
            return chunk;
        }
        List<MutationOp> ops = new ArrayList<>();
        for (int i = 0; i < chunk.ops().size(); i++) {
            int op = i;
            ops.add(
                    switch (chunk.ops().get(i)) {
                        case MutationOp.Create create ->
                            with(
                                    create,
                                    id(op, "/producer", create.producer(), earlier::get),
                                    id(op, "/owner", create.owner(), earlier::get));
                        case MutationOp.Link link ->
                            new MutationOp.Link(
                                    link.type(),
                                    Objects.requireNonNull(id(op, "/from", link.from(), earlier::get)),
                                    Objects.requireNonNull(id(op, "/to", link.to(), earlier::get)),
                                    link.props(),
                                    id(op, "/producer", link.producer(), earlier::get),
                                    link.validFrom(),
                                    link.validTo(),
                                    link.confidence(),
                                    link.tainted());
                        case MutationOp other -> other;
                    });
        }
        return chunk.with(List.copyOf(ops));
    }

    private @Nullable String id(int op, String at, @Nullable String name, Function<String, @Nullable String> earlier) {
        if (name == null || !name.startsWith("@") || made.containsKey(name.substring(1))) {
            return name;
        }
        String id = earlier.apply(name.substring(1));
        if (id == null) {
            throw Chunk.fault(
                    ErrorCode.NOT_FOUND,
                    chunk.line(op),
                    at,
                    name,
                    "the @ref of a create on an earlier line, or the id or slug of a node",
                    "no line before it calls a node " + name.substring(1));
        }
        return id;
    }

    private static MutationOp.Create with(MutationOp.Create op, @Nullable String producer, @Nullable String owner) {
        return new MutationOp.Create(
                op.ref(),
                op.type(),
                op.slug(),
                op.status(),
                op.priority(),
                op.props(),
                op.tags(),
                producer,
                owner,
                op.externalSource(),
                op.externalId(),
                op.ifAbsent(),
                op.occurredAt(),
                op.validFrom(),
                op.validTo(),
                op.confidence(),
                op.tainted());
    }

    private CapitaniaException repeated(int op, String ref, String why) {
        return Chunk.fault(
                ErrorCode.SCHEMA_VIOLATION,
                chunk.line(op),
                "/ref",
                ref,
                "a ref that no other line has",
                "the ref " + ref + " is taken: " + why);
    }
}
