package org.capitania.approval.signin;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code sessions}. */
@Entity
@Table(name = "sessions")
class SessionRow {
    @Id
    UUID id;

    @Column(name = "secret_hash")
    String secretHash;

    @Column(name = "form_token")
    String formToken;

    @Column
    String actor;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "expires_at")
    Instant expiresAt;

    @Column(name = "ended_at")
    @Nullable
    Instant endedAt;

    protected SessionRow() {}

    static SessionRow of(UUID id, String secretHash, String formToken, String actor, Instant now, Instant expiresAt) {
        SessionRow row = new SessionRow();
        row.id = id;
        row.secretHash = secretHash;
        row.formToken = formToken;
        row.actor = actor;
        row.createdAt = now;
        row.expiresAt = expiresAt;
        return row;
    }
}
