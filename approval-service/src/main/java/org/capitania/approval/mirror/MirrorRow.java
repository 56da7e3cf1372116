package org.capitania.approval.mirror;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code mirrors}. */
@Entity
@Table(name = "mirrors")
class MirrorRow {
    @Id
    @Column(name = "subject_id")
    UUID subjectId;

    @Column(name = "node_id")
    @Nullable
    String nodeId;

    @Column(name = "node_version")
    @Nullable
    Integer nodeVersion;

    @Column
    int steps;

    @Column
    @Nullable
    String problem;

    @Column(name = "updated_at")
    Instant updatedAt;

    protected MirrorRow() {}

    static MirrorRow of(UUID subject) {
        MirrorRow row = new MirrorRow();
        row.subjectId = subject;
        return row;
    }
}
