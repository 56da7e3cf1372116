package org.capitania.graph.projection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.time.Duration;

/** The projections: how often they are refreshed, and every figure that is a matter of judgement. docs/projections.md says what each does. */
@ConfigMapping(prefix = "hq.projections")
public interface ProjectionsConfig {
    /** How old a projection may be before it is refreshed by itself. */
    @WithDefault("1h")
    Duration every();

    /** The weights of an entity's score; only their ratios count. */
    Weights weights();

    /** The weights of an entity's warmth. */
    Warmth warmth();

    /** The warmth from which each temperature begins; below {@code cool} it is cold. */
    Bands bands();

    /** The chance of each stage where an engagement does not name its own. */
    Chances chances();

    /** How much of the expected money each signal puts at risk; together at most all of it. */
    Risks risks();

    /** After how many days without an interaction recency is halved. */
    @WithDefault("30")
    BigDecimal recencyHalfLifeDays();

    /** How many interactions in 30 days are full activity. */
    @WithDefault("10")
    BigDecimal fullActivity();

    /** See {@link #weights()}. */
    interface Weights {
        @WithDefault("0.30")
        BigDecimal recency();

        @WithDefault("0.25")
        BigDecimal revenue();

        @WithDefault("0.15")
        BigDecimal activity();

        @WithDefault("0.10")
        BigDecimal stage();

        @WithDefault("0.10")
        BigDecimal linguistic();

        @WithDefault("0.10")
        BigDecimal antiMatch();
    }

    /** See {@link #warmth()}. */
    interface Warmth {
        @WithDefault("0.5")
        BigDecimal recency();

        @WithDefault("0.3")
        BigDecimal activity();

        @WithDefault("0.2")
        BigDecimal linguistic();
    }

    /** See {@link #bands()}. */
    interface Bands {
        @WithDefault("0.2")
        BigDecimal cool();

        @WithDefault("0.45")
        BigDecimal warm();

        @WithDefault("0.7")
        BigDecimal hot();
    }

    /** See {@link #chances()}. */
    interface Chances {
        @WithDefault("0.1")
        BigDecimal discovery();

        @WithDefault("0.4")
        BigDecimal proposal();

        @WithDefault("0.9")
        BigDecimal contract();

        @WithDefault("1")
        BigDecimal delivery();

        @WithDefault("1")
        BigDecimal partner();
    }

    /** See {@link #risks()}. */
    interface Risks {
        /** Nothing has happened for 30 days; for 14 at the proposal stage. */
        @WithDefault("0.3")
        BigDecimal quiet();

        /** Something we owe is overdue. */
        @WithDefault("0.3")
        BigDecimal late();

        /** An open complaint or a signal of leaving. */
        @WithDefault("0.6")
        BigDecimal churn();

        /** An invoice is past due. */
        @WithDefault("0.3")
        BigDecimal unpaid();
    }
}
