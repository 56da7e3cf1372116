package org.capitania.registry.models;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.capitania.registry.reviewed.ReviewedFile;
import org.jspecify.annotations.Nullable;

/** What tokens cost: the dated file {@code model-prices.json}, in USD per million tokens. */
@ApplicationScoped
class Prices {
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    private static final int SCALE = 8;

    /** Prices of one family of models, found by the longest prefix of a model's name; whether it counts as the large one. */
    record Price(
            String prefix,
            BigDecimal input,
            BigDecimal output,
            BigDecimal cacheRead,
            BigDecimal cacheWrite,
            boolean large) {}

    private record File(@Nullable String comment, String date, Map<String, List<Price>> providers) {}

    private final File file;

    Prices() {
        this.file = ReviewedFile.read("model-prices.json", File.class);
    }

    /** The price of a model; one that is not in the file costs as much as the dearest of its provider, so that a cap still holds. */
    Price of(String provider, String model) {
        List<Price> prices = file.providers().getOrDefault(provider, List.of());
        return prices.stream()
                .filter(p -> model.startsWith(p.prefix()))
                .max(Comparator.comparingInt(p -> p.prefix().length()))
                .or(() -> prices.stream().max(Comparator.comparing(Price::output)))
                .orElse(new Price("", BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, false));
    }

    BigDecimal cost(String provider, String model, Usage usage) {
        Price p = of(provider, model);
        BigDecimal sum = times(p.input(), usage.input())
                .add(times(p.output(), usage.output()))
                .add(times(p.cacheRead(), usage.cacheRead()))
                .add(times(p.cacheWrite(), usage.cacheWrite()));
        return sum.divide(MILLION, SCALE, RoundingMode.UP);
    }

    private static BigDecimal times(BigDecimal price, long tokens) {
        return price.multiply(BigDecimal.valueOf(tokens));
    }
}
