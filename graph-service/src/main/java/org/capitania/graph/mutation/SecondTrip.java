package org.capitania.graph.mutation;

/** Another way to write a plan than {@code graph.apply}: what the store refuses it throws as a {@code PgException}, and nothing is written. */
public interface SecondTrip {
    void write(StagedPlan plan);
}
