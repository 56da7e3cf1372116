package org.capitania.registry.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.TokenIssue;
import org.capitania.contract.api.TokenIssued;
import org.capitania.contract.event.LedgerAction;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;

/** Writes down that a token is made by hand, as a row and as an act in the ledger; the same issue twice is one. */
@ApplicationScoped
class NoteTokenIssue {
    private static final String ACTION = "hq_token";
    private static final Duration LONGEST = Duration.ofMinutes(16);
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{8,64}");
    private static final Pattern PRINCIPAL =
            Pattern.compile("(user|agent|worker|client|system):[A-Za-z0-9][A-Za-z0-9:._-]{0,99}");

    private final Sql sql;
    private final Clock clock;

    NoteTokenIssue(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    TokenIssued note(Scope scope, Caller caller, TokenIssue issue) {
        check(issue);
        String actor = caller.actor();
        String enteredBy = caller.enteredBy().orElse(null);
        return sql.tx(scope.withCausation("token:" + issue.jti()), tx -> {
            int fresh = tx.execute(
                    """
                    INSERT INTO token_issues (jti, principal, audience, issued_by, entered_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
                    ON CONFLICT DO NOTHING
                    """,
                    issue.jti(),
                    issue.principal(),
                    issue.audience(),
                    actor,
                    enteredBy,
                    Times.db(issue.expiresAt().truncatedTo(ChronoUnit.MICROS)));
            TokenIssued known = known(tx, issue.jti());
            if (!same(known, issue, actor)) {
                throw new CapitaniaException(
                        ErrorCode.IDEMPOTENCY_MISMATCH,
                        "another token was noted under the id " + issue.jti() + "; make a fresh id");
            }
            if (fresh == 1) {
                tx.publish(LedgerAction.TYPE, known.auditEventId(), action(known, enteredBy));
            }
            return known;
        });
    }

    private void check(TokenIssue issue) {
        require(issue.jti() != null && ID.matcher(issue.jti()).matches(), "jti is 8 to 64 letters, digits or dashes");
        require(
                issue.principal() != null
                        && PRINCIPAL.matcher(issue.principal()).matches(),
                "principal is written user:…, agent:…, worker:…, client:… or system:…");
        require(
                java.util.Arrays.stream(Service.values())
                        .anyMatch(s -> s.wireName().equals(issue.audience())),
                "no service is called " + issue.audience());
        Instant now = clock.instant();
        require(
                issue.expiresAt() != null
                        && issue.expiresAt().isAfter(now)
                        && issue.expiresAt().isBefore(now.plus(LONGEST)),
                "a token ends within 15 minutes from now");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, otherwise);
        }
    }

    private static TokenIssued known(Tx tx, String jti) {
        return tx.one("SELECT jti, principal, audience, issued_by, expires_at FROM token_issues WHERE jti = $1", jti)
                .map(row -> new TokenIssued(
                        row.getString("jti"),
                        row.getString("principal"),
                        row.getString("audience"),
                        row.getString("issued_by"),
                        Times.instant(row, "expires_at"),
                        "token:" + row.getString("jti")))
                .orElseThrow();
    }

    private static boolean same(TokenIssued known, TokenIssue issue, String actor) {
        return known.principal().equals(issue.principal())
                && known.audience().equals(issue.audience())
                && known.issuedBy().equals(actor)
                && known.expiresAt().equals(issue.expiresAt().truncatedTo(ChronoUnit.MICROS));
    }

    private LedgerAction action(TokenIssued issued, @org.jspecify.annotations.Nullable String enteredBy) {
        ObjectNode input = Json.MAPPER
                .createObjectNode()
                .put("principal", issued.principal())
                .put("audience", issued.audience())
                .put("expires_at", issued.expiresAt().toString());
        return LedgerAction.of(issued.auditEventId(), issued.issuedBy(), ACTION, input, clock.instant())
                .enteredBy(enteredBy);
    }
}
