package org.capitania.ingest.intake;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How mail is taken in. */
@ConfigMapping(prefix = "hq.ingest")
interface IntakeConfig {
    /** Where mails lie while they are read; the system's temporary directory by default. */
    Optional<Path> spool();

    /** The largest mail that is taken. */
    @WithDefault("16M")
    MemorySize largestMessage();

    /** How long {@code POST /v1/emails} waits for the graph before it answers that the mail is kept and will be linked later. */
    @WithDefault("20s")
    Duration answerWithin();

    /** When an unfinished mail is taken up by the sweeper: longer than any first attempt lasts. */
    @WithDefault("30s")
    Duration resumeAfter();

    /** How often the sweeper looks. */
    @WithDefault("1s")
    Duration sweepEvery();

    /** The first pause after a failed attempt; each further one doubles it. */
    @WithDefault("1s")
    Duration firstPause();

    /** The longest pause. */
    @WithDefault("1m")
    Duration longestPause();

    /** Attempts that may fail through a fault before a person has to look; a peer that is down never counts. */
    @WithDefault("8")
    int attempts();
}
