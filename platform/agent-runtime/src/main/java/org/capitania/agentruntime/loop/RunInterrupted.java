package org.capitania.agentruntime.loop;

/** The run must stop where it is: no further call is made, the session stays at its step, and only the supervisor resumes it. */
public final class RunInterrupted extends RuntimeException {
    /** Why. */
    public enum Cause {
        /** The lease is lost or the run is fenced: another run may be at work already. */
        LOST,
        /** The supervisor said stop. */
        STOPPED,
        /** The process is ending: another may go on at once. */
        SHUTDOWN,
        /** The agent is paused or all autonomy is frozen. */
        PAUSED,
        /** A service the loop cannot do without stays away. */
        UNAVAILABLE
    }

    private final Cause reason;

    public RunInterrupted(Cause reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Cause reason() {
        return reason;
    }
}
