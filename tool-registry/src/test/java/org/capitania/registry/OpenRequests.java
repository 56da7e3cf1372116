package org.capitania.registry;

import io.quarkus.runtime.shutdown.ShutdownRecorder;
import io.quarkus.vertx.http.runtime.filters.GracefulShutdownFilter;
import java.lang.reflect.Field;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The requests that the framework counts as open, as it keeps them to itself: a shutdown waits for them. */
public final class OpenRequests {
    private OpenRequests() {}

    public static int count() {
        List<?> listeners = (List<?>) value(ShutdownRecorder.class, "shutdownListeners", null);
        return listeners.stream()
                .filter(GracefulShutdownFilter.class::isInstance)
                .mapToInt(filter ->
                        ((AtomicInteger) value(GracefulShutdownFilter.class, "currentRequestCount", filter)).get())
                .sum();
    }

    private static Object value(Class<?> type, String name, Object of) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
