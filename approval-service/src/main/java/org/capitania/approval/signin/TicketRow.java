package org.capitania.approval.signin;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.capitania.servicekit.Ticket;

/** A row of {@code sign_in_tickets}: this ticket was used. */
@Entity
@Table(name = "sign_in_tickets")
class TicketRow {
    @Id
    String jti;

    @Column
    String actor;

    @Column(name = "used_at")
    Instant usedAt;

    @Column(name = "expires_at")
    Instant expiresAt;

    protected TicketRow() {}

    static TicketRow of(Ticket ticket, Instant now) {
        TicketRow row = new TicketRow();
        row.jti = ticket.id();
        row.actor = ticket.caller().actor();
        row.usedAt = now;
        row.expiresAt = ticket.expiresAt();
        return row;
    }
}
