package org.capitania.approval.review;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.OpenReview;
import org.capitania.contract.api.ReviewList;
import org.capitania.contract.event.ReviewChanged;
import org.capitania.contract.event.ReviewRequested;
import org.jspecify.annotations.Nullable;

/** A row of {@code reviews}. */
@Entity
@Table(name = "reviews")
class ReviewRow {
    @Id
    UUID id;

    @Version
    int version;

    @Column
    String kind;

    @Column
    String status;

    @Column
    String title;

    @Column
    @Nullable
    String detail;

    @Column(name = "node_id")
    @Nullable
    String nodeId;

    @Column(name = "opened_by")
    String openedBy;

    @Column(name = "open_key")
    @Nullable
    String openKey;

    @Column(name = "created_at")
    Instant createdAt;

    @Column
    String options;

    @Column
    @Nullable
    String choice;

    @Column
    @Nullable
    String note;

    @Column(name = "deferred_until")
    @Nullable
    Instant deferredUntil;

    @Column(name = "decided_by")
    @Nullable
    String decidedBy;

    @Column(name = "decided_at")
    @Nullable
    Instant decidedAt;

    @Column
    @Nullable
    String subject;

    @Column(name = "resolved_at")
    @Nullable
    Instant resolvedAt;

    protected ReviewRow() {}

    static ReviewRow of(UUID id, OpenReview asked, String openedBy, @Nullable String openKey, Instant now) {
        ReviewRow row = new ReviewRow();
        row.id = id;
        row.kind = asked.kind();
        row.status = "open";
        row.title = asked.title();
        row.detail = asked.detail();
        row.nodeId = asked.nodeId();
        row.options = Json.write(asked.options());
        row.openedBy = openedBy;
        row.openKey = openKey;
        row.createdAt = now;
        return row;
    }

    /** What a service asks a person to look at: where it names nothing to choose, it is done or it is not. */
    static ReviewRow of(UUID id, ReviewRequested asked, String openedBy, Instant now) {
        List<ReviewList.Option> options =
                asked.options() == null ? List.of(new ReviewList.Option("done", "It is done")) : asked.options();
        ReviewRow row =
                of(id, new OpenReview(asked.kind(), asked.title(), asked.detail(), null, options), openedBy, null, now);
        row.subject = asked.subject();
        return row;
    }

    List<ReviewList.Option> choices() {
        return List.of(Json.read(options, ReviewList.Option[].class));
    }

    boolean closed() {
        return resolvedAt != null;
    }

    void decide(
            String to,
            String by,
            Instant now,
            @Nullable String chosen,
            @Nullable String said,
            @Nullable Instant until) {
        status = to;
        decidedBy = by;
        decidedAt = now;
        choice = chosen;
        note = said;
        deferredUntil = until;
        resolvedAt = to.equals("deferred") ? null : now;
    }

    /** Its cause is over by itself. */
    void withdraw(String by, String why, Instant now) {
        decide("withdrawn", by, now, null, why, null);
    }

    /** Whether it was put off until a time that has come. */
    boolean reopens(Instant now) {
        return status.equals("deferred") && deferredUntil != null && !deferredUntil.isAfter(now);
    }

    /** What was said when it was put off stays. */
    void reopen() {
        status = "open";
        decidedBy = null;
        decidedAt = null;
        deferredUntil = null;
    }

    /** How it stands at a time: what was put off until then is open again. */
    ReviewList.Review view(Instant now) {
        return shown(reopens(now) ? "open" : status);
    }

    ReviewList.Review stored() {
        return shown(status);
    }

    private ReviewList.Review shown(String as) {
        return new ReviewList.Review(
                id.toString(),
                kind,
                as,
                title,
                detail,
                nodeId,
                openedBy,
                createdAt,
                choices(),
                choice,
                note,
                deferredUntil,
                decidedBy,
                decidedAt,
                subject);
    }

    ReviewChanged changed(Instant now) {
        return new ReviewChanged(
                id.toString(),
                status,
                kind,
                title,
                nodeId,
                openedBy,
                choice,
                note,
                deferredUntil,
                decidedBy,
                subject,
                now);
    }
}
