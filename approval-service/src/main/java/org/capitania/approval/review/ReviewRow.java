package org.capitania.approval.review;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.capitania.contract.api.ReviewList;
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

    protected ReviewRow() {}

    ReviewList.Review view() {
        return new ReviewList.Review(id.toString(), kind, status, title, detail, nodeId, openedBy, createdAt);
    }
}
