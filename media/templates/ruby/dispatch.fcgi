#!/usr/bin/env ruby
# frozen_string_literal: true

# What the web server starts. It stays small: the application is in config.ru and site.rb.
# It needs the gem rack (Debian: ruby-rack), version 2 or 3.
require_relative 'fcgi_server'

FcgiServer.new(File.join(__dir__, 'config.ru'), error_page: File.join(__dir__, 'error.html')).run
