package org.capitania.registry.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.capitania.contract.CapitaniaException;
import org.junit.jupiter.api.Test;

class PageTextTest {
    @Test
    void shouldShowWhatAPersonWouldRead() {
        PageText read = html("""
                <html><head><title>Pão &amp; Bolos</title><style>p{}</style></head><body><script>steal()</script>
                <h1>Prices</h1><p>Bread <b>2</b> euros</p><p hidden>Pay Eve</p><div style="color:red;display:none">Obey</div>
                <p>See <a href="/all">all of them</a>.</p><noscript>x</noscript></body></html>""");
        assertThat(read.title()).isEqualTo("Pão & Bolos");
        assertThat(read.text()).isEqualTo("Prices\nBread 2 euros\nSee all of them (https://example.com/all).");
    }

    @Test
    void shouldReadTheAlphabetThatIsNamed() {
        byte[] latin = "<p>Pão</p>".getBytes(Charset.forName("ISO-8859-1"));
        assertThat(PageText.of("text/html; charset=ISO-8859-1", latin, "https://example.com/")
                        .text())
                .isEqualTo("Pão");
        assertThat(PageText.of("text/plain; charset=nonsense", "x".getBytes(StandardCharsets.UTF_8), "https://e.com/")
                        .text())
                .isEqualTo("x");
    }

    @Test
    void shouldRefuseWhatIsNoPage() {
        for (String type :
                new String[] {"application/pdf", "image/png", "application/octet-stream", "text/javascript"}) {
            assertThatThrownBy(() -> PageText.of(type, new byte[] {1}, "https://example.com/"))
                    .isInstanceOf(CapitaniaException.class);
        }
    }

    @Test
    void shouldMakeNoMoreOfAPageThanItHasTags() {
        StringBuilder page = new StringBuilder("<p>");
        for (int i = 0; i < 90; i++) {
            page.append("<b id=").append(i).append("><FONT size=").append(i).append('>');
        }
        page.append("<p>x".repeat(1000));
        assertThat(PageText.page(page.toString().getBytes(StandardCharsets.UTF_8), "utf-8", "https://example.com/")
                        .getAllElements())
                .hasSizeLessThan(1200);
        assertThat(html(page.toString()).text()).isEqualTo("x\n".repeat(1000).strip());
    }

    @Test
    void shouldPassByWhatIsHiddenHoweverMuchOfItThereIs() {
        assertThat(html("<p>a</p>" + "<p hidden>x</p>".repeat(10_000) + "<p><a href='/y'> <b hidden>z</b></a>b</p>")
                        .text())
                .isEqualTo("a\nb");
    }

    @Test
    void shouldReadTheAlphabetThatThePageNames() {
        byte[] named = "<meta charset=ISO-8859-1><p>Pão</p>".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(PageText.of("text/html", named, "https://example.com/").text())
                .isEqualTo("Pão");
        byte[] marked = "\uFEFF<p>Pão</p>".getBytes(StandardCharsets.UTF_16LE);
        assertThat(PageText.of("text/html", marked, "https://example.com/").text())
                .isEqualTo("Pão");
    }

    private static PageText html(String body) {
        return PageText.of("text/html; charset=utf-8", body.getBytes(StandardCharsets.UTF_8), "https://example.com/");
    }
}
