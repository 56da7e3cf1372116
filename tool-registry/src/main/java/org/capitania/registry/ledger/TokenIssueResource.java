package org.capitania.registry.ledger;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.capitania.contract.api.TokenIssue;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;

/** Keeps a note of every token that was made by hand. */
@Path("/v1/token-issues")
@Produces(MediaType.APPLICATION_JSON)
class TokenIssueResource {
    private final CallContext context;
    private final Sql sql;

    TokenIssueResource(CallContext context, Sql sql) {
        this.context = context;
        this.sql = sql;
    }

    @POST
    @RunOnVirtualThread
    public TokenIssue note(TokenIssue issue) {
        context.requireKind(PrincipalKind.OWNER);
        sql.run(
                context.scope(),
                tx -> tx.execute(
                        """
                        INSERT INTO token_issues (jti, principal, audience, issued_by, expires_at) VALUES ($1, $2, $3, $4, $5)
                        ON CONFLICT DO NOTHING
                        """,
                        issue.jti(),
                        issue.principal(),
                        issue.audience(),
                        context.caller().actor(),
                        Times.db(issue.expiresAt())));
        return issue;
    }
}
