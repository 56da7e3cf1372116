package org.capitania.contract.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;

/** Where a proposal stands; approval-service alone moves it. */
public enum ProposalStatus {
    /** Waits for a person. */
    PENDING,
    /** A person said yes; the gateway has not taken it yet. */
    APPROVED,
    /** The gateway claimed it and acts. */
    EXECUTING,
    /** The effect took place. */
    EXECUTED,
    /** A person said no. */
    REJECTED,
    /** A cited fact changed before the act: a person has to look again. */
    STALE,
    /** Nobody decided in time. */
    EXPIRED,
    /** The act was tried and surely had no effect. */
    FAILED,
    /** The act was tried and nobody can tell whether it had its effect; a person has to look. */
    UNKNOWN;

    /** The name on the wire, for example {@code pending}. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static ProposalStatus fromWire(String wire) {
        for (ProposalStatus s : values()) {
            if (s.wire().equals(wire)) {
                return s;
            }
        }
        throw new CapitaniaException(
                ErrorCode.BAD_REQUEST,
                "no proposal has the status " + wire
                        + "; expected pending, approved, executing, executed, rejected, stale, expired, failed or unknown");
    }
}
