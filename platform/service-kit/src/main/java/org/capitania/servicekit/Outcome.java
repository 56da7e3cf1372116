package org.capitania.servicekit;

import java.time.Duration;
import java.time.Instant;

/** The four answers of an event handler. */
public sealed interface Outcome {
    Outcome DONE = new Done();

    /** Handled; never shown to this consumer again. */
    record Done() implements Outcome {}

    /** Try again after a while; bounded, then to the dead letters. */
    record Retry(Duration after, String why) implements Outcome {}

    /** Not before then; not counted as an attempt. */
    record Snooze(Instant until, String why) implements Outcome {}

    /** Cannot be handled: to the dead letters at once. */
    record Reject(String why) implements Outcome {}
}
