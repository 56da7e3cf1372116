package org.capitania.contract.event;

import java.math.BigDecimal;

/**
 * An entity became warmer or colder by a band ({@code entity.temperature_changed}); key: the entity.
 *
 * @param before cold, cool, warm or hot
 * @param warmth 0 to 1
 */
public record TemperatureChanged(String id, String slug, String before, String after, BigDecimal warmth) {
    public static final String TYPE = "entity.temperature_changed";
}
