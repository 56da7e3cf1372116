package org.capitania.approval.review;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
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

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "resolved_at")
    @Nullable
    Instant resolvedAt;

    @Column
    @Nullable
    String subject;

    @Column
    @Nullable
    String resolution;

    protected ReviewRow() {}

    static ReviewRow of(UUID id, ReviewRequested asked, String by, Instant now) {
        ReviewRow row = new ReviewRow();
        row.id = id;
        row.kind = asked.kind();
        row.status = "open";
        row.title = asked.title();
        row.detail = asked.detail();
        row.subject = asked.subject();
        row.openedBy = by;
        row.createdAt = now;
        return row;
    }

    ReviewRow reopen(Instant now) {
        status = "open";
        createdAt = now;
        resolvedAt = null;
        resolution = null;
        return this;
    }

    void resolve(String how, Instant now) {
        status = "resolved";
        resolution = how;
        resolvedAt = now;
    }

    ReviewChanged changed() {
        return new ReviewChanged(id.toString(), kind, status, title, subject, resolution);
    }

    ReviewList.Review view() {
        return new ReviewList.Review(id.toString(), kind, status, title, detail, nodeId, openedBy, createdAt);
    }
}
