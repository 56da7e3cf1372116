package org.capitania.approval.proposal;

import java.time.Instant;
import org.capitania.contract.api.ProposalStatus;
import org.jspecify.annotations.Nullable;

/**
 * Where a proposal stands, with exactly what is known there. A transition that is no method of a state does not exist; the CHECK and the
 * trigger of table {@code proposals} and the chart in the README say the same.
 */
sealed interface ProposalState {

    ProposalStatus status();

    /** Who said yes or no, and when. */
    record Decided(String by, Instant at) {}

    /** Who took it for execution, and when. */
    record Claimed(String key, Instant at) {}

    /** A state that ends by itself when nobody moves it in time. */
    sealed interface Expiring extends ProposalState permits Open, Approved {
        Instant expiresAt();

        default boolean over(Instant now) {
            return !now.isBefore(expiresAt());
        }

        default Expired expire(Instant now) {
            if (!over(now)) {
                throw new IllegalStateException("it has until " + expiresAt());
            }
            return new Expired(
                    now,
                    this instanceof Approved
                            ? "approved, but not carried out in time; nothing was done"
                            : "nobody decided in time");
        }
    }

    /** Waits for a person. */
    sealed interface Open extends Expiring permits Pending, Stale {
        default Approved approve(Decided decided, Instant expiresAt) {
            return new Approved(decided, expiresAt);
        }

        default Rejected reject(Decided decided, String reason) {
            return new Rejected(decided, reason);
        }

        /** A new revision: the wait starts anew. */
        default Pending revise(Instant expiresAt) {
            return new Pending(expiresAt);
        }
    }

    /** New, or edited. */
    record Pending(Instant expiresAt) implements Open {
        @Override
        public ProposalStatus status() {
            return ProposalStatus.PENDING;
        }
    }

    /**
     * Came back: what it rests on changed between the decision and the act.
     *
     * @param difference what changed, as the gateway found it
     */
    record Stale(String reason, @Nullable String difference, Instant expiresAt) implements Open {
        @Override
        public ProposalStatus status() {
            return ProposalStatus.STALE;
        }
    }

    /** A person said yes; good for one claim until it expires. */
    record Approved(Decided decided, Instant expiresAt) implements Expiring {
        Executing claim(Claimed claimed) {
            return new Executing(decided, claimed);
        }

        @Override
        public ProposalStatus status() {
            return ProposalStatus.APPROVED;
        }
    }

    /** The gateway has it, and nobody else. */
    record Executing(Decided decided, Claimed claimed) implements ProposalState {
        Executed executed(Instant at, @Nullable String result) {
            return new Executed(decided, claimed, at, result);
        }

        Failed failed(Instant at, String reason, @Nullable String result) {
            return new Failed(decided, claimed, at, reason, result);
        }

        Unknown unknown(Instant at, String reason, @Nullable String result) {
            return new Unknown(decided, claimed, at, reason, result);
        }

        Stale stale(String reason, @Nullable String difference, Instant expiresAt) {
            return new Stale(reason, difference, expiresAt);
        }

        @Override
        public ProposalStatus status() {
            return ProposalStatus.EXECUTING;
        }
    }

    /** Done. */
    record Executed(
            Decided decided,
            Claimed claimed,
            Instant at,
            @Nullable String result) implements ProposalState {
        @Override
        public ProposalStatus status() {
            return ProposalStatus.EXECUTED;
        }
    }

    /** Tried; surely without effect. */
    record Failed(
            Decided decided,
            Claimed claimed,
            Instant at,
            String reason,
            @Nullable String result) implements ProposalState {
        @Override
        public ProposalStatus status() {
            return ProposalStatus.FAILED;
        }
    }

    /** Tried; nobody can tell. Only a later, surer report of the same claim settles it. */
    record Unknown(
            Decided decided,
            Claimed claimed,
            Instant at,
            String reason,
            @Nullable String result) implements ProposalState {
        Executed executed(Instant later, @Nullable String found) {
            return new Executed(decided, claimed, later, found);
        }

        Failed failed(Instant later, String why, @Nullable String found) {
            return new Failed(decided, claimed, later, why, found);
        }

        @Override
        public ProposalStatus status() {
            return ProposalStatus.UNKNOWN;
        }
    }

    /** A person said no. */
    record Rejected(Decided decided, String reason) implements ProposalState {
        @Override
        public ProposalStatus status() {
            return ProposalStatus.REJECTED;
        }
    }

    /** Over, undecided or unused. */
    record Expired(Instant at, String reason) implements ProposalState {
        @Override
        public ProposalStatus status() {
            return ProposalStatus.EXPIRED;
        }
    }
}
