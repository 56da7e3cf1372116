package org.capitania.supervisor.platform;

/**
 * Whatever runs the agents' processes. One process serves every tenant; starting one that runs changes nothing, nor does stopping one that does
 * not. Whoever starts or stops holds its monitor, so that a stop is over before the start that follows it.
 */
interface AgentPlatform {
    /** Whether it can start and stop anything at all. */
    boolean able();

    /** Has the process of a role started, without waiting until it is ready; throws with the reason when that cannot be done. */
    void start(String role);

    /** Has it stopped in good order, as a shutdown of the machine would; throws with the reason when that cannot be done. */
    void stop(String role);
}
