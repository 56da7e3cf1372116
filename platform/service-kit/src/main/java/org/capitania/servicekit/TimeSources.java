package org.capitania.servicekit;

import com.github.f4b6a3.uuid.UuidCreator;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The only place where time and randomness come from. */
@ApplicationScoped
class TimeSources {
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    RandomGenerator random() {
        return new SecureRandom();
    }

    @Produces
    @Singleton
    Ids ids() {
        return new Ids() {
            @Override
            public UUID v7() {
                return UuidCreator.getTimeOrderedEpoch();
            }
        };
    }
}
