package org.capitania.approval.annotation;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.capitania.contract.api.AnnotationView;
import org.jspecify.annotations.Nullable;

/** A row of {@code annotations}; written once. */
@Entity
@Table(name = "annotations")
class AnnotationRow {
    @Id
    UUID id;

    @Column(name = "action_id")
    String actionId;

    @Column(name = "task_id")
    @Nullable
    String taskId;

    @Column
    String grade;

    @Column
    @Nullable
    String note;

    @Column
    String annotator;

    @Column(name = "created_at")
    Instant createdAt;

    protected AnnotationRow() {}

    static AnnotationRow of(AnnotationView view, UUID id) {
        AnnotationRow row = new AnnotationRow();
        row.id = id;
        row.actionId = view.actionId();
        row.taskId = view.taskId();
        row.grade = view.grade();
        row.note = view.note();
        row.annotator = view.annotator();
        row.createdAt = view.createdAt();
        return row;
    }

    AnnotationView view() {
        return new AnnotationView(id.toString(), actionId, taskId, grade, note, annotator, createdAt);
    }
}
