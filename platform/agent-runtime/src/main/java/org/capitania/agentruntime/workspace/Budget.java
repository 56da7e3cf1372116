package org.capitania.agentruntime.workspace;

import java.math.BigDecimal;

/**
 * What an agent may spend. All of it is counted and held by tool-registry; the loop only ends a session in good order at its last turn.
 *
 * @param dailyUsdSoft from here on the owner is told
 * @param dailyUsdHard from here on the agent freezes itself
 * @param tokensPerRun tokens in and out that one session may use
 * @param maxTurns model calls in one session
 * @param largeTurnsPerDay turns of the large model in a day
 */
public record Budget(
        BigDecimal dailyUsdSoft, BigDecimal dailyUsdHard, long tokensPerRun, int maxTurns, int largeTurnsPerDay) {}
