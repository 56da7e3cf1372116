package org.capitania.approval.signin;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tenants;
import org.capitania.servicekit.Ticket;
import org.capitania.servicekit.Tokens;
import org.capitania.servicekit.orm.Orm;
import org.capitania.servicekit.orm.OrmTx;

/** Opens, finds and ends console sessions. */
@ApplicationScoped
public class Sessions {
    private static final String USE = "sign-in";
    private static final String ACTOR = "system:approval-service";
    private static final int SECRET_BYTES = 32;

    private final Orm orm;
    private final Tokens tokens;
    private final Tenants tenants;
    private final Ids ids;
    private final SignInConfig config;
    private final Clock clock;
    private final RandomGenerator random;

    Sessions(
            Orm orm,
            Tokens tokens,
            Tenants tenants,
            Ids ids,
            SignInConfig config,
            Clock clock,
            RandomGenerator random) {
        this.orm = orm;
        this.tokens = tokens;
        this.tenants = tenants;
        this.ids = ids;
        this.config = config;
        this.clock = clock;
        this.random = random;
    }

    /** Takes a ticket, once, and answers the cookie of a new session: the tenant, a dot, a secret. */
    String signIn(String ticket) {
        Ticket proven = tokens.ticket(ticket, USE);
        if (!proven.caller().kind().human()) {
            throw new CapitaniaException(ErrorCode.DENIED, "only a person signs in at the console");
        }
        Scope scope = Scope.of(proven.caller().tenant(), proven.caller().actor(), "signs in at the console");
        Instant now = clock.instant();
        String secret = secret();
        SessionRow session =
                SessionRow.of(ids.v7(), hash(secret), secret(), scope.actor(), now, now.plus(config.session()));
        orm.tx(
                scope,
                tx -> use(tx, proven, now)
                        .chain(first -> first
                                ? tx.session().persist(session)
                                : Uni.createFrom().<Void>failure(usedAlready())));
        Log.infof("signed in tenant=%s actor=%s session=%s", scope.tenant(), scope.actor(), session.id);
        return scope.tenant() + "." + secret;
    }

    /** Of two uses at once the second waits for the first, and is none. */
    private static Uni<Boolean> use(OrmTx tx, Ticket ticket, Instant now) {
        return tx.session()
                .createNativeQuery("INSERT INTO sign_in_tickets (jti, actor, used_at, expires_at)"
                        + " VALUES (:jti, :actor, :now, :until) ON CONFLICT DO NOTHING")
                .setParameter("jti", ticket.id())
                .setParameter("actor", ticket.caller().actor())
                .setParameter("now", now)
                .setParameter("until", ticket.expiresAt())
                .executeUpdate()
                .map(rows -> rows == 1);
    }

    /** The living session of a cookie. */
    Optional<Session> find(String cookie) {
        int dot = cookie.indexOf('.');
        String tenant = dot < 0 ? "" : cookie.substring(0, dot);
        if (!tenants.ids().contains(tenant)) {
            return Optional.empty();
        }
        return orm.tx(
                Scope.of(tenant, ACTOR, null),
                tx -> tx.session()
                        .createSelectionQuery(
                                "FROM SessionRow WHERE secretHash = :hash AND endedAt IS NULL AND expiresAt > :now",
                                SessionRow.class)
                        .setParameter("hash", hash(cookie.substring(dot + 1)))
                        .setParameter("now", clock.instant())
                        .getSingleResultOrNull()
                        .map(row ->
                                Optional.ofNullable(row).map(r -> new Session(r.id, tenant, r.actor, r.formToken))));
    }

    void end(Session session) {
        orm.tx(
                Scope.of(session.tenant(), session.actor(), "signs out of the console"),
                tx -> tx.session()
                        .find(SessionRow.class, session.id())
                        .onItem()
                        .ifNotNull()
                        .invoke(row -> row.endedAt = clock.instant()));
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static CapitaniaException usedAlready() {
        return new CapitaniaException(ErrorCode.UNAUTHENTICATED, "this sign-in link was used already; each works once");
    }

    private static String hash(String secret) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
