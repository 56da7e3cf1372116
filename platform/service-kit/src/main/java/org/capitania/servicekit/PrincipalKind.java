package org.capitania.servicekit;

import java.util.Locale;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** What kind of principal a signing key belongs to. Only {@link #OWNER} and {@link #PERSON} ever approve. */
public enum PrincipalKind {
    OWNER,
    PERSON,
    AGENT,
    WORKER,
    SERVICE,
    CLIENT;

    public static PrincipalKind of(String wireName) {
        for (PrincipalKind kind : values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(wireName)) {
                return kind;
            }
        }
        throw new CapitaniaException(ErrorCode.UNAUTHENTICATED, "a key of unknown kind " + wireName);
    }

    public boolean human() {
        return this == OWNER || this == PERSON;
    }
}
