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
 * @param largeTurnsAlarm how many of those the owner is told of; the last where the workspace says nothing
 */
public record Budget(
        BigDecimal dailyUsdSoft,
        BigDecimal dailyUsdHard,
        long tokensPerRun,
        int maxTurns,
        int largeTurnsPerDay,
        int largeTurnsAlarm) {}
