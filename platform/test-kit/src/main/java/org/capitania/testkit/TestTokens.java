package org.capitania.testkit;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.capitania.contract.Service;
import org.capitania.embedded.keys.TokenSigner;

/** Tokens of any principal for any service: what a test sends as {@code Authorization: Bearer}. */
public final class TestTokens {
    public static final String TENANT = "main";

    private TestTokens() {}

    /** A token of tenant {@code main}; principals are those of the fleet and user:ana, user:elsewhere, client:test. */
    public static String bearer(String principal, Service audience) {
        return bearer(principal, audience, TENANT);
    }

    public static String bearer(String principal, Service audience, String tenant) {
        return signer(principal).sign(audience.wireName(), tenant);
    }

    /** A token with which a service acts for somebody else. */
    public static String onBehalfOf(String principal, String actor, Service audience, String tenant) {
        return with(principal, audience, tenant, Map.of("obo", actor));
    }

    /** A token with further claims, such as {@code use}. */
    public static String with(String principal, Service audience, String tenant, Map<String, String> claims) {
        return signer(principal).sign(audience.wireName(), tenant, TokenSigner.DEFAULT_LIFETIME, new HashMap<>(claims));
    }

    /** A token that has run out. */
    public static String expired(String principal, Service audience) {
        Clock anHourAgo = Clock.offset(Clock.systemUTC(), Duration.ofHours(-1));
        return TokenSigner.load(TestKeys.shared().fileOf(principal), anHourAgo).sign(audience.wireName(), TENANT);
    }

    private static TokenSigner signer(String principal) {
        return TokenSigner.load(TestKeys.shared().fileOf(principal), Clock.systemUTC());
    }
}
