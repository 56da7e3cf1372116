package org.capitania.registry.models;

/**
 * What bounds an agent's calls of models beside money.
 *
 * @param tokensPerRun a token counts once, however often the conversation it stands in is sent again
 * @param turnsPerRun answers a session may get; what it leaves behind may be asked for once more
 * @param largePerDay answers of the large model in a day
 * @param largeAlarm how many of them a person is told of
 */
record CallLimits(long tokensPerRun, long turnsPerRun, long largePerDay, long largeAlarm) {}
