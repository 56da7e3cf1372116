package org.capitania.agentruntime.loop;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.capitania.agentruntime.transcript.Incoming;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.contract.api.SessionOpen.Trigger;

/**
 * What one session is for.
 *
 * @param feed everything that has come in for it so far; what the session has not seen yet is shown to it between turns
 * @param rotated whether the session has to end at its next step, with what it remembers, for another to go on with the task
 * @param onEnded what has to happen with the outcome before the session is put away; may be called again after a crash
 */
public record Assignment(
        Purpose purpose,
        Trigger trigger,
        Supplier<List<Incoming>> feed,
        BooleanSupplier rotated,
        BiConsumer<Transcript, Ended> onEnded) {}
