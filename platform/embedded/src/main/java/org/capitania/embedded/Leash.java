package org.capitania.embedded;

/**
 * Keeps the pipe to a child process open as long as this JVM lives, so that a child which ends with its stdin ends with
 * this JVM, however that ends.
 */
public final class Leash {
    private Leash() {}

    /** Ties the child. A pipe is closed when its {@link Process} is collected; a shutdown hook outlives every class loader. */
    public static void tie(Process child) {
        Runtime.getRuntime().addShutdownHook(new Thread(child::isAlive, "leash-" + child.pid()));
    }
}
