package org.capitania.approval.notification;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.NotificationView;
import org.jspecify.annotations.Nullable;

/** A row of {@code notifications}; resolved once. */
@Entity
@Table(name = "notifications")
class NotificationRow {
    @Id
    UUID id;

    @Column
    String sender;

    @Column
    String urgency;

    @Column
    String body;

    @Column
    String about;

    @Column
    boolean tainted;

    @Column(name = "task_id")
    @Nullable
    String taskId;

    @Column(name = "call_id")
    String callId;

    @Column(name = "business_key")
    String businessKey;

    @Column(name = "sent_at")
    Instant sentAt;

    @Column(name = "resolved_at")
    @Nullable
    Instant resolvedAt;

    @Column(name = "resolved_by")
    @Nullable
    String resolvedBy;

    protected NotificationRow() {}

    NotificationView view() {
        return new NotificationView(
                id.toString(),
                sender,
                urgency,
                body,
                List.of(Json.read(about, NotificationView.About[].class)),
                tainted,
                taskId,
                sentAt,
                resolvedAt,
                resolvedBy);
    }
}
