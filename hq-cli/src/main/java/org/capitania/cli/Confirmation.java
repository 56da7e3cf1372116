package org.capitania.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What cannot be undone is asked for once more. */
public final class Confirmation {
    private Confirmation() {}

    /**
     * Asks at the terminal; without one, {@code --yes} has to be said.
     *
     * @param yes whether it was said
     * @param act what will be done, as in "delete all data"
     * @throws Failure {@code not_confirmed}, unless it is confirmed
     */
    public static void of(Environment environment, boolean yes, String act) {
        if (yes) {
            return;
        }
        if (!environment.terminal().err()) {
            throw Failure.caller("not_confirmed", "this would " + act + ", and there is no way back: say --yes");
        }
        environment
                .err()
                .print(act.substring(0, 1).toUpperCase(Locale.ROOT) + act.substring(1)
                        + "? There is no way back. [y/N] ");
        environment.err().flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
                throw Failure.caller("not_confirmed", "nothing was done");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
