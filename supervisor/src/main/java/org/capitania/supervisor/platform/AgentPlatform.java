package org.capitania.supervisor.platform;

/** Whatever runs the agents' processes. One process serves every tenant; starting one that runs changes nothing. */
interface AgentPlatform {
    /** Whether it can start anything at all. */
    boolean able();

    /** Has the process of a role started, without waiting until it is ready; throws with the reason when that cannot be done. */
    void start(String role);
}
