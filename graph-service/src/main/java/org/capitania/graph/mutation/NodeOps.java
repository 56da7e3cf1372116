package org.capitania.graph.mutation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationOp;
import org.capitania.graph.types.NodeType;
import org.capitania.graph.types.Types;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.PrincipalKind;
import org.jspecify.annotations.Nullable;

/** Plans what a batch does to nodes. */
final class NodeOps {
    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9:._@-]*");
    private static final String SUPERSEDED = "superseded";
    /** Who carries out what was approved. */
    private static final String EXECUTOR = "system:tool-registry";

    private static final int LONGEST_SLUG = 200;
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_EXTERNAL_ID = 2000;

    private final Types types;
    private final Caller caller;
    private final Workspace work;
    private final Slugs slugs;
    private final Draft actorProducer;
    private final Instant now;

    NodeOps(Types types, Caller caller, Workspace work, Slugs slugs, Draft actorProducer, Instant now) {
        this.types = types;
        this.caller = caller;
        this.work = work;
        this.slugs = slugs;
        this.actorProducer = actorProducer;
        this.now = now;
    }

    void create(int i, MutationOp.Create op) {
        String at = "/ops/" + i;
        NodeType type = type(op.type(), at + "/type");
        mirrorsOnlyByServices(type, at);
        ExternalKey key = op.externalId() == null ? null : ExternalKey.of(op, at);
        if (key != null) {
            bounded(at + "/external_id", key.id(), LONGEST_EXTERNAL_ID);
            bounded(at + "/external_source", key.source(), LONGEST_NAME);
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

    void supersede(int i, MutationOp.Supersede op) {
        Draft old = target(i, op.id(), null);
        Draft by = work.resolve(op.by(), "/ops/" + i + "/by");
        twoOfAType("/ops/" + i + "/by", old, by);
        Instant since = old.validFrom;
        Instant replacedFrom = by.validFrom;
        Instant end = replacedFrom != null && (since == null || replacedFrom.isAfter(since)) ? replacedFrom : now;
        if (since != null && !since.isBefore(end)) {
            end = since.plusNanos(1000);
        }
        Instant ended = old.validTo;
        old.validTo = ended == null || ended.isAfter(end) ? end : ended;
        if (type(old.type, "/ops/" + i).statuses().contains(SUPERSEDED)) {
            old.status = SUPERSEDED;
        } else {
            old.archived = true;
        }
    }

    void merge(int i, MutationOp.Merge op, int opsInBatch) {
        String at = "/ops/" + i;
        boolean carriedOut =
                caller.principal().equals(EXECUTOR) && caller.actor().startsWith("user:");
        if (op.proposal() == null || !carriedOut) {
            throw new CapitaniaException(
                    ErrorCode.PROPOSAL_REQUIRED,
                    at + ": " + op.id() + " cannot be merged into " + op.into()
                            + " directly; a merge takes a proposal that the owner approves");
        }
        if (opsInBatch > 1) {
            throw References.invalid(at, opsInBatch + " ops", "a merge alone in its batch: it is undone alone");
        }
        Draft loser = target(i, op.id(), null);
        Draft winner = target(i, op.into(), null);
        twoOfAType(at + "/into", loser, winner);
        if (loser.type.equals(Producers.TYPE) || loser.archived || winner.archived) {
            throw References.invalid(
                    at, loser.type + " " + loser.slug, "two nodes that are not archived, and no producers");
        }
        loser.archived = true;
        for (Map.Entry<String, JsonNode> prop : loser.props.properties()) {
            if (!winner.props.has(prop.getKey())) {
                winner.props.set(prop.getKey(), prop.getValue());
            }
        }
        Set<String> tags = new LinkedHashSet<>(winner.tags);
        tags.addAll(loser.tags);
        winner.tags = List.copyOf(tags);
        winner.owner = winner.owner == null && !winner.id.equals(loser.owner) ? loser.owner : winner.owner;
        winner.tainted |= loser.tainted;
    }

    private static void twoOfAType(String path, Draft one, Draft other) {
        if (one.id.equals(other.id) || !one.type.equals(other.type)) {
            throw References.invalid(path, other.type + " " + other.slug, "another " + one.type);
        }
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

    private Draft target(int i, String ref, @Nullable Integer version) {
        Draft draft = work.resolve(ref, "/ops/" + i + "/id");
        mirrorsOnlyByServices(type(draft.type, "/ops/" + i), "/ops/" + i);
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

    private NodeType type(String name, String path) {
        return types.node(name).orElseThrow(() -> {
            List<String> allowed = types.nodes().stream().map(NodeType::name).toList();
            return unknownType(path, name, allowed);
        });
    }

    /** Indexed text has to fit into an index page. */
    private static void bounded(String path, String text, int longest) {
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

    private void mirrorsOnlyByServices(NodeType type, String at) {
        if (type.mirror() && caller.kind() != PrincipalKind.SERVICE) {
            throw new CapitaniaException(
                    ErrorCode.DENIED, at + ": a " + type.name() + " mirrors what its service owns; change it there");
        }
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

    static CapitaniaException unknownType(String path, String found, List<String> allowed) {
        String names = String.join(", ", allowed);
        String message = "there is no type " + found + "; allowed are " + names;
        return new CapitaniaException(
                ErrorCode.UNKNOWN_TYPE, message, List.of(new FieldError(path, found, names, message)));
    }
}
