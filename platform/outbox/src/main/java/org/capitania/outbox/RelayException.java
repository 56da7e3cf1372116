package org.capitania.outbox;

/** A round of the relay failed; the next one begins where the last good one ended. */
final class RelayException extends RuntimeException {
    RelayException(String message, Throwable cause) {
        super(message, cause);
    }
}
