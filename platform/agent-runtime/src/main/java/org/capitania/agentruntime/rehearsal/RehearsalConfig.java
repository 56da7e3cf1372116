package org.capitania.agentruntime.rehearsal;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** How the rehearsal model plays. */
@ConfigMapping(prefix = "hq.rehearsal")
public interface RehearsalConfig {
    /** Where several ways are sensible, which one is taken: the same seed takes the same ways. */
    @WithDefault("0")
    long seed();

    /**
     * What it does badly, for tests of what is around it: {@code slow:2s}, {@code loop}, {@code forget-sentinel}, {@code wrong-tool},
     * {@code cut-off}. The last three happen once a session, or every time with {@code :always} behind them.
     */
    Optional<List<String>> faults();
}
