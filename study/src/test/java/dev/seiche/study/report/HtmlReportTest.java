package dev.seiche.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HtmlReportTest {
    private static final String NASTY = "</script><b>&\"'";

    private static Page page(Figure... figures) {
        return new Page(
                NASTY,
                NASTY,
                List.of(new Page.Fact(NASTY, NASTY)),
                List.of(new Figure.Table(
                        "t",
                        NASTY,
                        NASTY,
                        Figure.Span.FULL,
                        List.of(new Figure.Heading(NASTY, true)),
                        List.of(List.of(new Figure.Cell(NASTY, Figure.Mark.GOOD, NASTY))))),
                List.of(new Page.Section(NASTY, NASTY, List.of(figures))),
                List.of(new Page.Fact(NASTY, NASTY)));
    }

    private static Figure.LineChart chart(double... y) {
        double[] x = new double[y.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
        }
        return new Figure.LineChart(
                "c",
                NASTY,
                "",
                Figure.Span.HALF,
                Figure.Axis.linear("step"),
                Figure.Axis.log("loss"),
                List.of(new Figure.Series(NASTY, 0, Figure.Stroke.LINE, x, y)),
                List.of(new Figure.Reference(NASTY, -1, 2)));
    }

    private static JsonNode figures(String html) {
        int begin = html.indexOf("id=\"figures\">") + "id=\"figures\">".length();
        return JsonMapper.shared().readTree(html.substring(begin, html.indexOf("</script>", begin)));
    }

    @Test
    void textFromOutsideNeverBecomesMarkup() {
        String html = HtmlReport.html(page(chart(1, 2)));
        assertThat(html).doesNotContain("<b>").contains("&lt;/script&gt;&lt;b&gt;&amp;&quot;&#39;");
        assertThat(figures(html).get(0).get("series").get(0).get("name").asString())
                .isEqualTo(NASTY);
    }

    @Test
    void nothingIsLoadedFromAnywhere() {
        String html = HtmlReport.html(page(chart(1, 2)));
        String withoutLibrary =
                html.substring(0, html.indexOf("plotly.js (cartesian")) + html.substring(html.lastIndexOf("<script>"));
        assertThat(withoutLibrary).doesNotContain("http:", "https:", "src=", "<link", "@import", "url(");
        assertThat(html).contains("default-src 'none'");
        // One library, one data block, one drawing script, one closing tag each.
        assertThat(Pattern.compile("</script>").matcher(html).results()).hasSize(3);
    }

    @Test
    void gapsAreNullAndNumbersKeepSixDigits() {
        JsonNode y = figures(
                        HtmlReport.html(page(chart(1.0 / 3, Double.NaN, Double.POSITIVE_INFINITY, 2, 123456789.25))))
                .get(0)
                .get("series")
                .get(0)
                .get("y");
        assertThat(y.toString()).isEqualTo("[0.333333,null,null,2,1.23457E8]");
    }

    @Test
    void thePageIsWrittenAsAWhole(@TempDir Path directory) {
        Path file = directory.resolve("report.html");
        HtmlReport.write(page(), file);
        assertThat(file).content().startsWith("<!doctype html>").endsWith("</html>\n");
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void theVendoredLibraryIsTheOneThatIsRecorded() throws IOException, NoSuchAlgorithmException {
        Properties recorded = new Properties();
        try (InputStream in = HtmlReport.class.getResourceAsStream("plotly.properties")) {
            recorded.load(in);
        }
        try (InputStream in = HtmlReport.class.getResourceAsStream(recorded.getProperty("file"))) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
            assertThat(HexFormat.of().formatHex(digest)).isEqualTo(recorded.getProperty("sha256"));
        }
        assertThat(HtmlReport.class.getResource("plotly-LICENSE.txt")).isNotNull();
    }

    @Test
    void aTableLinesUpInATerminal() {
        Figure.Table table = new Figure.Table(
                "t",
                "",
                "",
                Figure.Span.FULL,
                List.of(new Figure.Heading("name", false), new Figure.Heading("x", true)),
                List.of(
                        List.of(Figure.Cell.of("a"), Figure.Cell.of("1.5")),
                        List.of(Figure.Cell.of("longer"), Figure.Cell.of("10"))));
        assertThat(TextTable.lines(table, 80))
                .containsExactly("name      x", "------  ---", "a       1.5", "longer   10");
    }

    @Test
    void aTableThatIsTooWideWrapsItsTextsAndHeadings() {
        Figure.Table table = new Figure.Table(
                "t",
                "",
                "",
                Figure.Span.FULL,
                List.of(new Figure.Heading("claim", false), new Figure.Heading("share of steps", true)),
                List.of(List.of(Figure.Cell.of("every layer oscillates"), Figure.Cell.of("97.1%"))));
        assertThat(TextTable.lines(table, 22))
                .containsExactly(
                        "claim           share",
                        "                   of",
                        "                steps",
                        "------------  -------",
                        "every layer     97.1%",
                        "oscillates");
    }

    @Test
    void everyChartHasAPicture(@TempDir Path directory) {
        Figure.HeatMap map = new Figure.HeatMap(
                "h",
                "map",
                "",
                Figure.Span.FULL,
                Figure.Axis.linear("step"),
                "layer",
                "cosine",
                new double[] {1, 2},
                List.of("a", "b"),
                List.of(new double[] {-1, 1}, new double[] {Double.NaN, 0}));
        Figure.BarChart bars = new Figure.BarChart(
                "b",
                "bars",
                "",
                Figure.Span.THIRD,
                Figure.Axis.linear("share"),
                List.of("x", "y"),
                List.of(new Figure.Bars("s", 0, List.of(1.0, Double.NaN))),
                List.of());
        List<Path> written =
                PngReport.write(page(chart(1, Double.NaN, -3, 2), map, bars, chart(), chart(Double.NaN)), directory);
        assertThat(written).hasSize(5).allSatisfy(file -> assertThat(file).isNotEmptyFile());
    }
}
