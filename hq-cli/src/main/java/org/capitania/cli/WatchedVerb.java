package org.capitania.cli;

import picocli.CommandLine.Option;

/** A verb that lists or shows, and so can be watched. */
public abstract class WatchedVerb extends Verb {
    @Option(
            names = {"-w", "--watch"},
            description = "print it again whenever it changes, until Ctrl-C")
    boolean watch;

    protected WatchedVerb(String action, Environment environment) {
        super(action, environment);
    }

    @Override
    protected final boolean watching() {
        return watch;
    }
}
