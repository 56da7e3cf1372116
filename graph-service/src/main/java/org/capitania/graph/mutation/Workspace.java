package org.capitania.graph.mutation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.servicekit.Ids;
import org.jspecify.annotations.Nullable;

/** The nodes of a batch while it is planned: what is there, what is to be made, and what is wrong so far. */
final class Workspace {
    final References references;
    final Found found;
    final List<FieldError> errors = new ArrayList<>();

    private final Ids ids;
    /** By token: what is to be made under an external key, so that the batch makes it once. */
    private final Map<String, Draft> keyed = new HashMap<>();
    /** By op: what its create makes or found. */
    private final Map<Integer, Made> created = new HashMap<>();

    private final Map<UUID, Draft> drafts = new LinkedHashMap<>();

    Workspace(Ids ids, References references, Found found) {
        this.ids = ids;
        this.references = references;
        this.found = found;
    }

    /** What a create stands for, and whether it is this create that makes it. */
    record Made(Draft node, boolean created) {}

    UUID newId() {
        return ids.v7();
    }

    /** The node of the create at a place in the batch. */
    Made made(int op) {
        Made made = created.get(op);
        if (made == null) {
            throw new IllegalStateException("op " + op + " creates nothing");
        }
        return made;
    }

    /** Every node that is to be written, in the order it was first named. */
    Collection<Draft> drafts() {
        return drafts.values();
    }

    @Nullable
    Draft withKey(ExternalKey key) {
        Draft draft = keyed.get(key.token());
        return draft == null ? found.node(key.token()).orElse(null) : draft;
    }

    void found(int op, Draft there) {
        created.put(op, new Made(there, false));
    }

    void make(int op, Draft draft, @Nullable ExternalKey key) {
        draft.op = op;
        created.put(op, new Made(draft, true));
        make(draft, key);
    }

    private void make(Draft draft, @Nullable ExternalKey key) {
        drafts.put(draft.id, draft);
        if (key != null) {
            keyed.put(key.token(), draft);
        }
    }

    void change(int op, Draft draft) {
        if (draft.op < 0) {
            draft.op = op;
        }
        drafts.put(draft.id, draft);
    }

    /** The node that an id, a slug or {@code @ref} names. */
    Draft resolve(String ref, String path) {
        if (ref.startsWith("@")) {
            return made(references.creating(ref, path)).node();
        }
        String token = references.token(ref, path);
        return found.node(token == null ? "" : token)
                .orElseThrow(() -> new CapitaniaException(
                        ErrorCode.NOT_FOUND,
                        "there is no node " + ref,
                        List.of(new FieldError(
                                path, ref, "the id or slug of a node, or @ref", "there is no node " + ref))));
    }

    Draft producer(String ref, String path) {
        Draft draft = resolve(ref, path);
        if (!draft.type.equals(Producers.TYPE)) {
            throw References.invalid(path, draft.type + " " + draft.slug, "a producer");
        }
        return draft;
    }

    /** One of our own producers, made when it is missing. */
    Draft producer(ExternalKey key) {
        Draft there = withKey(key);
        if (there != null) {
            return there;
        }
        Draft draft = Draft.fresh(newId(), Producers.TYPE);
        Producers.describe(draft, key);
        draft.producer = key.equals(Producers.ROOT) ? draft : producer(Producers.ROOT);
        make(draft, key);
        return draft;
    }
}
