package org.capitania.graph.mutation;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.MutationOp;
import org.jspecify.annotations.Nullable;

/** Says of what is wrong with a batch which type of node or edge it would have written. */
final class Faults {
    private static final Pattern PLACE = Pattern.compile("/ops/(\\d{1,9})(?:/.*)?");

    private final List<MutationOp> ops;
    private final Workspace work;

    Faults(List<MutationOp> ops, Workspace work) {
        this.ops = ops;
        this.work = work;
    }

    CapitaniaException typed(CapitaniaException e) {
        List<FieldError> faults = e.errors().stream().map(this::typed).toList();
        String type = faults.isEmpty() ? null : faults.getFirst().type();
        // What is wrong with a type itself says its name already.
        String detail = type == null || e.code() != ErrorCode.SCHEMA_VIOLATION ? e.detail() : type + ": " + e.detail();
        return new CapitaniaException(e.code(), detail, faults, e.hint(), e.getCause());
    }

    private FieldError typed(FieldError fault) {
        Matcher place = PLACE.matcher(fault.path());
        if (fault.type() != null || !place.matches()) {
            return fault;
        }
        String type = type(ops.get(Integer.parseInt(place.group(1))));
        return new FieldError(fault.path(), type, fault.found(), fault.allowed(), fault.message());
    }

    private @Nullable String type(MutationOp op) {
        return switch (op) {
            case MutationOp.Create create -> create.type();
            case MutationOp.Link link -> link.type();
            case MutationOp.Unlink unlink -> unlink.type();
            case MutationOp.Patch patch -> node(patch.id());
            case MutationOp.Archive archive -> node(archive.id());
            case MutationOp.Supersede supersede -> node(supersede.id());
            case MutationOp.Retain retain -> node(retain.id());
            case MutationOp.Merge merge -> node(merge.id());
        };
    }

    /** The type of a node that a batch names; null where there is none of that name. */
    private @Nullable String node(String ref) {
        if (ref.startsWith("@")) {
            for (MutationOp op : ops) {
                if (op instanceof MutationOp.Create create && ref.substring(1).equals(create.ref())) {
                    return create.type();
                }
            }
            return null;
        }
        String token = work.references.token(ref, "");
        return token == null
                ? null
                : work.found.node(token).map(node -> node.type).orElse(null);
    }
}
