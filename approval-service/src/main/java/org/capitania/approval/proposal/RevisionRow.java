package org.capitania.approval.proposal;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.event.FrozenCall;

/** A row of {@code revisions}: what one revision of a proposal would do. */
@Entity
@Table(name = "revisions")
class RevisionRow {
    @Id
    UUID id;

    @Column(name = "proposal_id")
    UUID proposalId;

    @Column
    int revision;

    @Column
    String digest;

    @Column
    String arguments;

    @Column
    String rendering;

    @Column
    String facts;

    @Column(name = "made_by")
    String madeBy;

    @Column(name = "made_at")
    Instant madeAt;

    protected RevisionRow() {}

    static RevisionRow of(UUID id, UUID proposal, FrozenCall frozen, String madeBy, Instant madeAt) {
        RevisionRow row = new RevisionRow();
        row.id = id;
        row.proposalId = proposal;
        row.revision = frozen.revision();
        row.digest = frozen.digest();
        row.arguments = Json.write(frozen.arguments());
        row.rendering = Json.write(frozen.rendering());
        row.facts = Json.write(frozen.facts());
        row.madeBy = madeBy;
        row.madeAt = madeAt;
        return row;
    }

    JsonNode arguments() {
        return Json.read(arguments, JsonNode.class);
    }

    FrozenCall.Rendering rendering() {
        return Json.read(rendering, FrozenCall.Rendering.class);
    }

    List<FrozenCall.Fact> facts() {
        return List.of(Json.read(facts, FrozenCall.Fact[].class));
    }
}
