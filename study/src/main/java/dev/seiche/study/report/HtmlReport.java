package dev.seiche.study.report;

import dev.seiche.study.run.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * A page as one HTML file that needs no network: styles, scripts and the chart library are inside.
 *
 * <p>Text and tables are plain HTML; charts are drawn by Plotly from the figures' data. Light and dark follow the
 * reader's system.
 */
public final class HtmlReport {
    private HtmlReport() {}

    /**
     * Writes the file as a whole.
     *
     * @throws dev.seiche.study.UserException when it cannot be written
     */
    public static void write(Page page, Path file) {
        ByteBuffer bytes = ByteBuffer.wrap(html(page).getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(file, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /** The text of the file. */
    static String html(Page page) {
        StringBuilder out = new StringBuilder(2_000_000);
        out.append("""
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta http-equiv="Content-Security-Policy"
                 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:">
                """);
        out.append("<title>").append(escape(page.title())).append(" - Seiche</title>\n");
        out.append("<style>\n").append(resource("report.css")).append("</style>\n</head>\n<body>\n<main>\n");
        head(page, out);
        page.sections().forEach(section -> section(section, out));
        footer(page, out);
        out.append("</main>\n<script type=\"application/json\" id=\"figures\">");
        out.append(FigureJson.text(page)).append("</script>\n");
        out.append("<script>\n").append(resource("plotly-cartesian.min.js")).append("\n</script>\n");
        out.append("<script>\n").append(resource("report.js")).append("</script>\n</body>\n</html>\n");
        return out.toString();
    }

    private static void head(Page page, StringBuilder out) {
        out.append("<header>\n<h1>").append(escape(page.title())).append("</h1>\n<p class=\"lead\">");
        out.append(escape(page.lead())).append("</p>\n<dl class=\"facts\">\n");
        page.facts()
                .forEach(fact -> out.append("<div><dt>")
                        .append(escape(fact.name()))
                        .append("</dt><dd>")
                        .append(escape(fact.value()))
                        .append("</dd></div>\n"));
        out.append("</dl>\n</header>\n");
        for (Figure.Table table : page.tables()) {
            out.append("<section>\n<h2>").append(escape(table.title())).append("</h2>\n<div class=\"grid\">\n");
            figure(table, false, out);
            out.append("</div>\n</section>\n");
        }
    }

    private static void section(Page.Section section, StringBuilder out) {
        out.append("<section>\n<h2>").append(escape(section.title())).append("</h2>\n");
        if (!section.text().isEmpty()) {
            out.append("<p>").append(escape(section.text())).append("</p>\n");
        }
        out.append("<div class=\"grid\">\n");
        section.figures().forEach(figure -> figure(figure, true, out));
        out.append("</div>\n</section>\n");
    }

    private static void figure(Figure figure, boolean titled, StringBuilder out) {
        out.append("<figure class=\"")
                .append(figure.span().name().toLowerCase(Locale.ROOT))
                .append("\">\n");
        if (titled && !figure.title().isEmpty()) {
            out.append("<h3>").append(escape(figure.title())).append("</h3>\n");
        }
        if (figure instanceof Figure.Table table) {
            table(table, out);
        } else if (figure instanceof Figure.Contacts sheet) {
            contacts(sheet, out);
        } else if (!(figure instanceof Figure.Note)) {
            out.append("<div class=\"plot\" id=\"").append(escape(figure.id())).append("\"></div>\n");
        }
        if (!figure.caption().isEmpty()) {
            out.append("<figcaption>").append(escape(figure.caption())).append("</figcaption>\n");
        }
        out.append("</figure>\n");
    }

    private static void contacts(Figure.Contacts sheet, StringBuilder out) {
        out.append("<div class=\"contacts\">\n");
        for (int i = 0; i < sheet.pictures().size(); i++) {
            out.append("<div><img alt=\"")
                    .append(escape(sheet.words().get(i)))
                    .append("\" src=\"data:image/png;base64,")
                    .append(Base64.getEncoder().encodeToString(ContactSheet.png(sheet, i)))
                    .append("\"><span>")
                    .append(escape(sheet.words().get(i)))
                    .append("</span></div>\n");
        }
        out.append("</div>\n");
    }

    private static void table(Figure.Table table, StringBuilder out) {
        out.append("<div class=\"wide\"><table>\n<thead><tr>");
        for (Figure.Heading heading : table.headings()) {
            out.append(heading.numeric() ? "<th class=\"number\">" : "<th>")
                    .append(escape(heading.title()))
                    .append("</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
        for (List<Figure.Cell> row : table.rows()) {
            out.append("<tr>");
            for (int c = 0; c < row.size(); c++) {
                out.append(table.headings().get(c).numeric() ? "<td class=\"number\">" : "<td>");
                cell(row.get(c), out);
                if (!row.get(c).detail().isEmpty()) {
                    out.append("<div class=\"detail\">")
                            .append(escape(row.get(c).detail()))
                            .append("</div>");
                }
                out.append("</td>");
            }
            out.append("</tr>\n");
        }
        out.append("</tbody>\n</table></div>\n");
    }

    private static void cell(Figure.Cell cell, StringBuilder out) {
        if (cell.mark() == Figure.Mark.PLAIN) {
            out.append(escape(cell.text()));
        } else {
            out.append("<span class=\"mark ")
                    .append(cell.mark().name().toLowerCase(Locale.ROOT))
                    .append("\">")
                    .append(escape(cell.text()))
                    .append("</span>");
        }
    }

    private static void footer(Page page, StringBuilder out) {
        out.append("<footer>\n<h2>Where this comes from</h2>\n<dl>\n");
        page.footer()
                .forEach(fact -> out.append("<dt>")
                        .append(escape(fact.name()))
                        .append("</dt><dd><pre>")
                        .append(escape(fact.value()))
                        .append("</pre></dd>\n"));
        out.append("</dl>\n</footer>\n");
    }

    /** Text that stands for itself in HTML, in an attribute too. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
