package org.capitania.embedded;

import org.jspecify.annotations.Nullable;

/** What this machine lacks or refuses, in one line a person can act on; a command that meets it ends with exit code 2. */
public final class MachineProblem extends RuntimeException {
    /** What kind of thing is missing; a caller may offer a mend by it. */
    public enum Kind {
        PORT_IN_USE,
        MISSING_TOOL,
        NO_NETWORK,
        NO_PERMISSION,
        DISK,
        UNSUPPORTED,
        DID_NOT_START
    }

    /** The exit code of a command that ends by this. */
    public static final int EXIT_CODE = 2;

    private final Kind kind;

    public MachineProblem(Kind kind, String line) {
        this(kind, line, null);
    }

    public MachineProblem(Kind kind, String line, @Nullable Throwable cause) {
        super(line, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** The one line, without a stack trace. */
    public String line() {
        String message = getMessage();
        return message == null ? kind.name() : message;
    }
}
