package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationOp;
import org.capitania.graph.types.NodeType;
import org.capitania.servicekit.Caller;
import org.jspecify.annotations.Nullable;

/** Plans what a batch does to nodes. */
final class NodeOps {
    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9:._@-]*");
    private static final int LONGEST_SLUG = 200;
    private static final int LONGEST_EXTERNAL_ID = 2000;

    private static final String RETAIN = "retain";
    private static final String ERASED = "erased";
    private static final String NONE = "none";

    private final Caller caller;
    private final @Nullable String reason;
    private final NodeRules rules;
    private final Workspace work;
    private final Slugs slugs;
    private final Draft actorProducer;

    NodeOps(Caller caller, @Nullable String reason, NodeRules rules, Workspace work, Slugs slugs, Draft actorProducer) {
        this.caller = caller;
        this.reason = reason;
        this.rules = rules;
        this.work = work;
        this.slugs = slugs;
        this.actorProducer = actorProducer;
    }

    void create(int i, MutationOp.Create op) {
        String at = "/ops/" + i;
        NodeType type = rules.type(op.type(), at + "/type");
        rules.mirrorsOnlyByServices(type, at);
        ExternalKey key = op.externalId() == null ? null : ExternalKey.of(op, at);
        if (key != null) {
            NodeRules.bounded(at + "/external_id", key.id(), LONGEST_EXTERNAL_ID);
            NodeRules.bounded(at + "/external_source", key.source(), NodeRules.LONGEST_NAME);
        }
        Draft there = key == null ? null : work.withKey(key);
        if (there != null) {
            if (!Boolean.TRUE.equals(op.ifAbsent())) {
                throw duplicate(
                        at + "/external_id",
                        op.externalId(),
                        "the " + op.type() + " " + there.slug
                                + " has this external id already; if_absent would return it");
            }
            work.found(i, there);
            return;
        }
        Draft draft = Draft.fresh(work.newId(), op.type());
        draft.status = op.status() == null ? type.defaultStatus() : op.status();
        draft.priority = op.priority();
        draft.occurredAt = Draft.stored(op.occurredAt());
        draft.props = op.props() == null ? Json.MAPPER.createObjectNode() : withoutNulls(op.props());
        type.props().fill(draft.props);
        draft.tags = op.tags() == null ? List.of() : List.copyOf(op.tags());
        draft.externalSource = op.externalSource();
        draft.externalId = op.externalId();
        draft.validFrom = Draft.stored(op.validFrom());
        draft.validTo = Draft.stored(op.validTo());
        draft.tainted = Boolean.TRUE.equals(op.tainted());
        draft.confidence = op.confidence() == null ? null : op.confidence().floatValue();
        draft.slug =
                op.slug() == null ? slugs.choose(draft, Slugs.candidates(op, type)) : given(op.slug(), at + "/slug");
        work.make(i, draft, key);
    }

    /** Says where a new node comes from; apart, because its producer may be a later create of the batch. */
    void attribute(int i, MutationOp.Create op) {
        Workspace.Made made = work.made(i);
        if (made.created()) {
            String at = "/ops/" + i;
            made.node().producer =
                    op.producer() == null ? actorProducer : work.producer(op.producer(), at + "/producer");
            made.node().owner = op.owner() == null ? null : work.resolve(op.owner(), at + "/owner").id;
        }
    }

    void patch(int i, MutationOp.Patch op) {
        Draft draft = target(i, op.id(), op.version());
        if (op.props() != null) {
            draft.props = merged(draft.props, op.props());
        }
        draft.status = op.status() == null ? draft.status : op.status();
        draft.priority = op.priority() == null ? draft.priority : op.priority();
        draft.tags = op.tags() == null ? draft.tags : List.copyOf(op.tags());
        draft.owner = op.owner() == null ? draft.owner : work.resolve(op.owner(), "/ops/" + i + "/owner").id;
        draft.occurredAt = op.occurredAt() == null ? draft.occurredAt : Draft.stored(op.occurredAt());
        draft.validFrom = op.validFrom() == null ? draft.validFrom : Draft.stored(op.validFrom());
        draft.validTo = op.validTo() == null ? draft.validTo : Draft.stored(op.validTo());
        draft.confidence = op.confidence() == null
                ? draft.confidence
                : (Float) op.confidence().floatValue();
        if (op.tainted() != null) {
            if (!op.tainted() && draft.tainted && !caller.actor().startsWith("user:")) {
                throw new CapitaniaException(
                        ErrorCode.DENIED, "/ops/" + i + "/tainted: only a person can vouch for what came from outside");
            }
            draft.tainted = op.tainted();
        }
    }

    void archive(int i, MutationOp.Archive op) {
        target(i, op.id(), op.version()).archived = true;
    }

    void retain(int i, MutationOp.Retain op) {
        String at = "/ops/" + i;
        if (!caller.actor().startsWith("user:")) {
            throw new CapitaniaException(
                    ErrorCode.DENIED, at + ": only a person can say what a legal duty retains, not " + caller.actor());
        }
        if (reason == null || reason.isBlank()) {
            throw References.invalid(at, "no reason", "why, in X-HQ-Reason: the duty stands above a person's right");
        }
        Draft draft = work.resolve(op.id(), at + "/id");
        String before = work.found.policy(draft.id);
        if (before.startsWith(ERASED)) {
            throw new CapitaniaException(
                    ErrorCode.ILLEGAL_TRANSITION, at + ": " + draft.slug + " has been erased; nothing of it is left");
        }
        String now = draft.policed ? draft.policy : before;
        boolean lifted = Boolean.TRUE.equals(op.lifted());
        draft.policy = !lifted ? RETAIN : now.equals(RETAIN) ? NONE : now;
        draft.policed = !draft.policy.equals(before);
        work.change(i, draft);
    }

    Draft target(int i, String ref, @Nullable Integer version) {
        Draft draft = work.resolve(ref, "/ops/" + i + "/id");
        rules.mirrorsOnlyByServices(rules.type(draft.type, "/ops/" + i), "/ops/" + i);
        if (version != null && version != draft.version) {
            String detail = draft.slug + " is at version " + draft.version + ", not " + version
                    + "; read it again, then decide";
            throw new CapitaniaException(
                    ErrorCode.VERSION_CONFLICT,
                    detail,
                    List.of(new FieldError(
                            "/ops/" + i + "/version", version.toString(), Integer.toString(draft.version), detail)));
        }
        work.change(i, draft);
        return draft;
    }

    private String given(String slug, String path) {
        if (slug.startsWith("hq:")
                || slug.length() > LONGEST_SLUG
                || !SLUG.matcher(slug).matches()) {
            throw References.invalid(path, slug, "lower-case letters, digits and - . _ : @, not beginning with hq:");
        }
        if (!slugs.free(slug)) {
            throw duplicate(path, slug, "the slug " + slug + " is taken");
        }
        return slug;
    }

    private static ObjectNode merged(ObjectNode props, ObjectNode patch) {
        ObjectNode merged = props.deepCopy();
        for (Map.Entry<String, JsonNode> prop : patch.properties()) {
            merged.set(prop.getKey(), prop.getValue());
        }
        return withoutNulls(merged);
    }

    static ObjectNode withoutNulls(ObjectNode props) {
        ObjectNode clean = props.deepCopy();
        clean.remove(props.properties().stream()
                .filter(prop -> prop.getValue().isNull())
                .map(Map.Entry::getKey)
                .toList());
        return clean;
    }

    private static CapitaniaException duplicate(String path, @Nullable String found, String message) {
        return new CapitaniaException(
                ErrorCode.DUPLICATE, message, List.of(new FieldError(path, found, "one not in use", message)));
    }
}
