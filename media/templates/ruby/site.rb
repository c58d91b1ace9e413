# frozen_string_literal: true

require 'erb'
require 'rack'

# The pages, as a Rack application.
class Site
  # A longer form is refused. Many hosts refuse more than 128 KB themselves.
  LONGEST_FORM = 100_000

  def call(environment)
    request = Rack::Request.new(environment)
    path = request.path_info.dup.force_encoding(Encoding::UTF_8).scrub
    base = escape(request.script_name)
    case path
    when '/' then start(base)
    when %r{\A/hello/(.+)\z} then hello(base, Regexp.last_match(1))
    when '/form' then form(base, request)
    when '/old' then redirect("#{request.base_url}#{request.script_name}/form")
    when '/error' then raise 'This page always fails, to show what you see then.'
    else page(base, 404, 'Not found', "<p>There is no page <code>#{escape(path)}</code>.</p>")
    end
  end

  private

  def start(base)
    page(base, 200, 'It works', <<~HTML)
      <p>This page comes from <code>site.rb</code>.</p>
      <ul>
      <li><a href="#{base}/hello/World">A name from the path</a></li>
      <li><a href="#{base}/form">A form</a></li>
      <li><a href="#{base}/old">An address that has moved</a></li>
      <li><a href="#{base}/error">A page that fails</a></li>
      </ul>
    HTML
  end

  def hello(base, name)
    page(base, 200, "Hello, #{name}!", "<p>Your name has #{name.length} letters.</p>")
  end

  # Shows a form, and what was sent with it: as ?text=... or in the body of a POST.
  def form(base, request)
    return page(base, 413, 'Too long', '<p>Please send less.</p>') if request.content_length.to_i > LONGEST_FORM

    text = request.params['text']
    sent = text ? "<p>You sent: <q>#{escape(text)}</q> (#{text.length} characters)</p>\n" : ''
    page(base, 200, 'Form', <<~HTML)
      #{sent}<form method="post" action="#{base}/form">
      <label>Text: <input name="text"></label> <button>Send</button>
      </form>
    HTML
  end

  # A redirect to another address.
  def redirect(location)
    [302, { 'location' => location }, []]
  end

  # A whole page; title is text, content is HTML.
  def page(base, status, title, content)
    html = <<~HTML
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>#{escape(title)}</title>
      <link rel="stylesheet" href="#{base}/static/site.css">
      </head>
      <body>
      <nav><a href="#{base}/">Start</a> <a href="#{base}/hello/World">Hello</a> <a href="#{base}/form">Form</a></nav>
      <main>
      <h1>#{escape(title)}</h1>
      #{content}
      </main>
      </body>
      </html>
    HTML
    [status, { 'content-type' => 'text/html; charset=utf-8' }, [html]]
  end

  def escape(text)
    ERB::Util.html_escape(text)
  end
end
