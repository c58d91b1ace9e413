# frozen_string_literal: true

require 'rack'
require 'socket'
require 'stringio'

# Runs a Rack application (config.ru) under FastCGI, as a CGI program, and from a shell; without other gems than rack.
#
# The application is loaded with the first request, and again with the next one as long as that fails: the visitor gets
# the error page, the error log the reason. One request is answered after the other; web servers start as many processes
# as they need. The process ends after a request when its program was touched or replaced, and after SIGTERM.
class FcgiServer
  def initialize(config, error_page:, program: $PROGRAM_NAME)
    @config = config
    @error_page = error_page
    @program = File.expand_path(program)
    @version = version
    @stopping = false
    @busy = false
  end

  def run
    @listener = listening_socket
    return serve_plain unless @listener

    trap('TERM') { @busy ? @stopping = true : exit!(0) }
    loop { serve_connection(@listener.accept.first) }
  end

  private

  # A listening socket has no peer; what is no socket at all is no FastCGI.
  def listening_socket
    socket = Socket.for_fd(0)
    socket.autoclose = false
    socket.getpeername
    nil
  rescue Errno::ENOTCONN
    socket
  rescue SystemCallError
    nil
  end

  def serve_connection(socket)
    connection = FcgiConnection.new(socket)
    while (request = connection.next_request)
      @busy = true
      serve(request.environment, request.body, request.output, request.errors)
      before_end
      connection.finish(request)
      @busy = false
      exit 0 if @stopping
      break unless request.keep?
    end
  rescue SystemCallError, IOError
    # The web server has gone; it says why in its own log.
  ensure
    @busy = false
    socket.close
  end

  # A process that will end gives its socket up before the last words of its answer: the web server may send the next
  # request as soon as it has heard them, and a refused connection makes it take another process.
  def before_end
    @stopping ||= version != @version
    $stdin.reopen(File::NULL) if @stopping
  end

  def serve_plain
    environment = ENV.to_h
    environment.update(shell_environment) unless environment['REQUEST_METHOD']
    body = StringIO.new($stdin.read(environment['CONTENT_LENGTH'].to_i) || '')
    serve(environment, body, $stdout, $stderr)
  end

  # From a shell: one page, "/" or the one that is named (dispatch.fcgi '/hello/World?x=1').
  def shell_environment
    path, query = (ARGV[0] || '/').split('?', 2)
    { 'REQUEST_METHOD' => 'GET', 'SCRIPT_NAME' => '/dispatch.fcgi', 'PATH_INFO' => path, 'QUERY_STRING' => query || '',
      'SERVER_NAME' => 'localhost', 'SERVER_PORT' => '80', 'CONTENT_LENGTH' => '0' }
  end

  def serve(environment, input, output, errors)
    status, headers, body = answer(rack_environment(environment, input, errors))
    output.write("Status: #{status}\r\n")
    headers.each do |name, value|
      Array(value).flat_map { |one| one.to_s.split("\n") }.each { |line| output.write("#{name}: #{line}\r\n") }
    end
    output.write("\r\n")
    body.each { |part| output.write(part) }
  ensure
    body.close if body.respond_to?(:close)
  end

  def answer(environment)
    application.call(environment)
  rescue StandardError, ScriptError => error
    environment['rack.errors'].write(error.full_message(highlight: false))
    [500, { 'content-type' => 'text/html; charset=utf-8' }, [File.binread(@error_page)]]
  end

  # Rack 2 gives the application with its options, Rack 3 alone.
  def application
    @application ||= Array(Rack::Builder.parse_file(@config)).first
  end

  # The variables of a request as Rack wants them. SCRIPT_NAME is the folder of the dispatcher, which a rewrite rule hides.
  def rack_environment(environment, input, errors)
    environment.merge(
      'SCRIPT_NAME' => environment['SCRIPT_NAME'].to_s.rpartition('/').first,
      'PATH_INFO' => environment['PATH_INFO'].to_s.empty? ? '/' : environment['PATH_INFO'],
      'QUERY_STRING' => environment['QUERY_STRING'].to_s,
      'rack.version' => [1, 3],
      'rack.input' => input,
      'rack.errors' => errors,
      'rack.multithread' => false,
      'rack.multiprocess' => true,
      'rack.run_once' => false,
      'rack.url_scheme' => %w[on yes 1].include?(environment['HTTPS']) ? 'https' : 'http'
    )
  end

  # Changes when the file is replaced, written or touched.
  def version
    found = File.stat(@program)
    [found.ino, found.size, found.mtime]
  rescue SystemCallError
    nil
  end
end

# One connection from the web server: the records of FastCGI 1.0, one request at a time.
class FcgiConnection
  BEGIN_REQUEST, ABORT_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT, STDERR = *1..7
  GET_VALUES, GET_VALUES_RESULT, UNKNOWN_TYPE = *9..11
  RESPONDER = 1
  REQUEST_COMPLETE, CANNOT_MULTIPLEX, _, UNKNOWN_ROLE = *0..3
  LONGEST_CONTENT = 65_528

  # What the web server sends for one request, and where the answer goes.
  Request = Struct.new(:number, :flags, :params, :body, :output, :errors) do
    def keep?
      flags.odd?
    end

    def environment
      pairs = {}
      data = StringIO.new(params)
      until data.eof?
        name, value = [length_in(data), length_in(data)].map { |length| data.read(length).to_s }
        pairs[name] = value
      end
      pairs
    end

    def length_in(data)
      first = data.getbyte || 0
      return first if first < 128

      data.ungetbyte(first)
      (data.read(4).unpack1('N') || 0) & 0x7fffffff
    end
  end

  def initialize(socket)
    @socket = socket
  end

  # The next whole request; nil at the end of the connection.
  def next_request
    request = nil
    while (kind, number, content = record)
      if number.zero? then answer_management(kind)
      elsif kind == BEGIN_REQUEST then request = begin_request(request, number, content)
      elsif request.nil? || number != request.number then next
      elsif kind == PARAMS then request.params << content
      elsif kind == STDIN && content.empty? then return request.tap { |one| one.body.rewind }
      elsif kind == STDIN then request.body.write(content)
      elsif kind == ABORT_REQUEST
        send_end(number, REQUEST_COMPLETE)
        return nil unless request.keep?

        request = nil
      end
    end
  end

  # Ends the streams of an answer, and the request.
  def finish(request)
    request.output.flush
    send_record(STDOUT, request.number, '')
    send_end(request.number, REQUEST_COMPLETE)
  end

  # Sends content of any length; empty content ends a stream.
  def send_record(kind, number, content)
    data = content.b
    pieces = data.empty? ? [''] : data.scan(/.{1,#{LONGEST_CONTENT}}/mn)
    pieces.each { |piece| @socket.write([1, kind, number, piece.bytesize, 0, 0].pack('CCnnCC') + piece) }
  end

  private

  def begin_request(current, number, content)
    role, flags = content.unpack('nC')
    refusal = role != RESPONDER ? UNKNOWN_ROLE : CANNOT_MULTIPLEX
    if role == RESPONDER && current.nil?
      return Request.new(number, flags, String.new, StringIO.new(String.new), FcgiStream.new(self, STDOUT, number),
                         FcgiStream.new(self, STDERR, number, immediate: true))
    end
    send_end(number, refusal)
    current
  end

  # Names no values, which the specification allows: the web server then takes its own.
  def answer_management(kind)
    return send_record(GET_VALUES_RESULT, 0, '') if kind == GET_VALUES

    send_record(UNKNOWN_TYPE, 0, [kind].pack('Cx7'))
  end

  def record
    header = @socket.read(8)
    return nil if header.nil? || header.bytesize < 8

    version, kind, number, length, padding = header.unpack('CCnnC')
    raise IOError, 'no FastCGI' unless version == 1

    content = length.zero? ? '' : @socket.read(length)
    @socket.read(padding) if padding.positive?
    [kind, number, content]
  end

  def send_end(number, state)
    send_record(END_REQUEST, number, [0, state].pack('NCx3'))
  end
end

# A stream of a request's answer, as an IO for what Rack applications write.
class FcgiStream
  def initialize(connection, kind, number, immediate: false)
    @connection = connection
    @kind = kind
    @number = number
    @immediate = immediate
    @pending = String.new
  end

  def write(*parts)
    parts.each { |part| @pending << part.to_s.b }
    flush if @immediate || @pending.bytesize >= FcgiConnection::LONGEST_CONTENT
    parts.sum { |part| part.to_s.bytesize }
  end

  def puts(*lines)
    lines.flatten.each { |line| write(line.to_s.end_with?("\n") ? line : "#{line}\n") }
    nil
  end

  def <<(part)
    write(part)
    self
  end

  def flush
    @connection.send_record(@kind, @number, @pending) unless @pending.empty?
    @pending = String.new
    self
  end
end
