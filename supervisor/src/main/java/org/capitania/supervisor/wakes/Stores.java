package org.capitania.supervisor.wakes;

import jakarta.inject.Singleton;

/** The rows that change together under the lock of a role. */
@Singleton
record Stores(WakeStore wakes, TaskStore tasks, RunStore runs, Leases leases) {}
